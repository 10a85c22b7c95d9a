"""A statement is written out once for all that says the same, each with its own tables."""

from __future__ import annotations

import ibis
import ibis.backends.duckdb
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from rantang.engine import EngineSettings, open_engine
from rantang.engine.statements import Statements

COLUMNS = {"id": "int64", "name": "string", "share": "float64"}


@pytest.fixture
def con():
    return ibis.duckdb.connect()


class Writer:
    """Remembers statements, and how many were written out."""

    def __init__(self, con, most: int = 10) -> None:
        self.con, self.written = con, 0
        self.statements = Statements(most)

    def __call__(self, expr: ir.Table) -> str:
        def write() -> str:
            self.written += 1
            return self.con.compile(expr)

        text = self.statements.text(expr.op(), write)
        assert text == self.con.compile(expr)
        return text


@pytest.fixture
def sql(con):
    return Writer(con)


@pytest.fixture
def table(con):
    return lambda name, **columns: con.create_table(name, schema=ibis.schema({**COLUMNS, **columns}))


def rule(left: ir.Table, right: ir.Table) -> ir.Table:
    named = left.filter(left.name.like("A%")).mutate(twice=left.share * 2)
    pairs = named.inner_join(right, "id").select("id", "name", other=right.name)
    return pairs.group_by("name").agg(n=pairs.count()).union(pairs.group_by("name").agg(n=pairs.id.nunique()))


def test_the_same_rule_on_other_tables_is_written_once(sql, table):
    a, b, c, d = (table(name) for name in ("a_1", "b_1", "a_10", "b_10"))
    assert '"a_1"' in sql(rule(a, b))
    assert '"a_10"' in sql(rule(c, d))
    sql(rule(d, a))
    assert sql.written == 1


def test_tables_in_memory_and_views_of_one_table_are_tables_too(sql, table):
    for name in ("a", "b"):
        rows = ibis.memtable(pa.table({"id": [1], "code": [name]}))
        mine = table(name)
        both = mine.inner_join(mine.view(), "name").select("id")
        sql(both.inner_join(rows, "id").select("id", "code"))
    assert sql.written == 1


def test_one_table_twice_is_not_two_tables(sql, table):
    a, b = table("a"), table("b")
    assert sql(rule(a, b)) != sql(rule(a, a))
    assert sql.written == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda t: t.mutate(x=ibis.literal(1)), lambda t: t.mutate(x=ibis.literal(1.0))),
        (lambda t: t.mutate(x=ibis.literal(1)), lambda t: t.mutate(x=ibis.literal(True))),
        (lambda t: t.mutate(x=t.name.isin(["A", "B"])), lambda t: t.mutate(x=t.name.isin(["AB"]))),
        (lambda t: t.filter(t.name == "A"), lambda t: t.filter(t.name != "A")),
        (lambda t: t.mutate(x=t.name.upper()), lambda t: t.mutate(x=t.name.lower())),
        (lambda t: t.order_by(t.id), lambda t: t.order_by(t.id.desc())),
        (lambda t: t.drop("id"), lambda t: t.drop("share")),
        (lambda t: t.rename(x="id"), lambda t: t.rename(y="id")),
        (lambda t: t.mutate(x=t.id.cast("int8")), lambda t: t.mutate(x=t.id.cast("int16"))),
    ],
)
def test_what_says_something_else_is_written_anew(sql, table, one, other):
    mine = table("mine")
    assert sql(one(mine)) != sql(other(mine))
    assert sql(one(table("other"))) != sql(other(mine))
    assert sql.written == 2


def test_columns_of_another_type_are_another_statement(sql, table):
    sql(rule(table("a"), table("b")))
    sql(rule(table("c", share="int64"), table("d")))
    assert sql.written == 2


def test_a_text_with_the_name_of_a_table_is_never_taken_for_the_table(sql, table):
    for name in ("people", "others"):
        rows = table(name)
        assert f"'{name}'" in sql(rows.filter(rows.name == name))
        assert "'see \"people\"'" in sql(rows.mutate(x=ibis.literal('see "people"')))
    assert sql.written == 4  # to `others` a text that says people is a text


@pytest.mark.parametrize("names", [('q"a', 'q"b'), ("t0", "u0"), ("a", "a ")])
def test_names_that_a_text_may_hold_otherwise_are_not_taken_for_tables(sql, table, names):
    for name in names:
        rows = table(name, **{name: "int64"})
        sql(rows.drop("share"))
        sql(rows.inner_join(rows.view(), "id").select("id"))


def test_two_columns_that_look_alike_are_told_apart(sql, table):
    for column in ("x", "x "):
        sql(table(f"of {column}", **{column: "int64"}).drop("share"))
    assert sql.written == 2


def test_zeros_of_two_signs_are_written_as_they_are(sql, table):
    rows = table("a")
    for one, other in ((0.0, -0.0), (-0.0, 0.0), (-0.0, -0.0), (0.0, 0.0)):
        sql(rows.mutate(x=rows.share * one, y=rows.share * other))


def test_the_engine_writes_a_statement_once_and_reads_its_own_tables(tmp_path, monkeypatch):
    written = []
    of_ibis = ibis.backends.duckdb.Backend.compile
    monkeypatch.setattr(
        ibis.backends.duckdb.Backend,
        "compile",
        lambda self, expr, **how: written.append(how) or of_ibis(self, expr, **how),
    )
    with open_engine("duckdb", EngineSettings(tmp_path / "spill", threads=1)) as engine:
        for n in (1, 2, 3):
            rows = engine.load(pa.table({"only_here": [n, n + 1]}), "rows")
            more = engine.keep(rows.mutate(more=rows.only_here + 1), "more")
            assert sorted(engine.fetch(more)["more"].to_pylist()) == [n + 1, n + 2]
        once = len(written)
        again = engine.keep(rows.mutate(more=rows.only_here + 1), "more")
        assert len(written) == once
        first = again.order_by("more")
        assert len(first.to_pyarrow()) == 2
        assert len(first.to_pyarrow(limit=1)) == 1
        assert len(first.to_pyarrow()) == 2


def test_too_many_are_forgotten(con, table):
    sql = Writer(con, most=2)
    rows = table("a")
    for more in (1, 2, 1, 3, 3, 1):
        sql(rows.mutate(x=rows.id + more))
    assert sql.written == 4


def test_functions_of_one_name_are_told_apart(sql, table):
    def function(schema: str):
        @ibis.udf.scalar.builtin(name="md5", database=schema)
        def digest(text: str) -> str: ...

        return digest

    rows = table("a")
    assert sql(rows.mutate(x=function("one")(rows.name))) != sql(rows.mutate(x=function("two")(rows.name)))
