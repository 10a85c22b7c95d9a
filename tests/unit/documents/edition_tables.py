"""Made-up edition tables of realistic shape, for the tests of documents. Nobody in them exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import polars as pl

from rantang import cities
from rantang.measurement.city import of_survey
from rantang.tables.intake import FINDINGS, PROVENANCE
from rantang.tables.measurement import POVERTY
from rantang.tables.register import FAMILIES, LINKS, PERSONS, REVIEW
from rantang.tables.synergy import ASSISTANCE, COVERAGE, FAMILY_AID, HISTORY, OVERLAP
from rantang.tables.validation import ELIGIBILITY
from rantang.tables.welfare import WELFARE

PERIOD = "2022-11"
MONTHS = ("2022-06", "2022-07", "2022-08", "2022-09", "2022-10", "2022-11")
DECLARED = (
    PERSONS,
    FAMILIES,
    LINKS,
    REVIEW,
    FINDINGS,
    ELIGIBILITY,
    WELFARE,
    ASSISTANCE,
    COVERAGE,
    OVERLAP,
    FAMILY_AID,
    HISTORY,
    PROVENANCE,
    POVERTY,
)
_RECIPIENTS = {
    "PKH": 9537,
    "SEMBAKO": 15011,
    "BPNTD": 6226,
    "RANTANG": 130,
    "PERMAKANAN": 240,
    "PBI": 42_000,
    "PBID": 12_000,
    "PIP": 8_300,
    "BLTBBM": 17_000,
    "BSPS": 206,
    "RTLHD": 185,
    "RTLHZ": 5,
    "RST": 22,
    "KUBE": 120,
    "PENA": 34,
    "ASPD": 400,
    "PKHPLUS": 610,
    "PMT": 930,
    "PRAKERJA": 1_450,
    "JAMSOSTEK": 5_100,
    "SEMBAKOKOTA": 2_600,
    "SERAGAM": 1_460,
    "YAPI": 88,
    "ATENSI": 41,
    "ALATUSAHA": 260,
    "KIPK": 310,
}


def city() -> cities.City:
    return cities.load("malang")


def edition(scale: float = 0.02, seed: int = 7) -> tuple[dict[str, ir.Table], dict[str, Any]]:
    """Return the tables of an edition, on one DuckDB connection, and its manifest."""
    frames = _frames(scale, np.random.default_rng(seed))
    connection = ibis.duckdb.connect()
    tables = {}
    for declared in DECLARED:
        raw = ibis.memtable(frames[declared.name].to_arrow())
        tables[declared.name] = connection.create_table(declared.name, declared.conform(raw))
    return tables, _manifest(frames)


def _frames(scale: float, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    place = city()
    codes = np.array([area.code for area in place.areas])
    weight = rng.gamma(2.0, 1.0, len(codes))
    count = max(60, int(62_000 * scale))
    kelurahan = rng.choice(codes, count, p=weight / weight.sum())
    decile = rng.choice([1, 2, 3, 4, 5, 0], count, p=[0.17, 0.2, 0.18, 0.14, 0.11, 0.2])
    classes = np.array(["belum-didata", "kerak", "miskin", "rentan", "rentan", "tidak-miskin"])[decile]
    members = rng.choice([1, 2, 3, 4, 5, 6], count, p=[0.14, 0.19, 0.24, 0.23, 0.13, 0.07])
    family = np.array([f"K{n:07d}" for n in range(count)])
    persons = _persons(rng, family, members, kelurahan)
    poor = (decile >= 1) & (decile <= 4)
    assistance = _assistance(place, rng, scale, persons, poor)
    now = assistance.filter((pl.col("period") == PERIOD) & pl.col("person_id").is_not_null())
    aided = now.group_by("family_id").agg(
        programmes=pl.col("programme").unique().sort().str.join(" "), money=pl.col("amount").sum()
    )
    months = assistance.group_by("family_id").agg(months_aided=pl.col("period").n_unique())
    families = pl.DataFrame(
        {
            "family_id": family,
            "kelurahan_code": kelurahan,
            "kecamatan_code": [code[:8] for code in kelurahan.tolist()],
            "class_": classes,
            "members": members,
            "poor": poor,
            "d": decile,
        }
    )
    aid = (
        families.join(aided, "family_id", "left")
        .join(months, "family_id", "left")
        .with_columns(
            programmes=pl.col("programmes").fill_null(""),
            money=pl.col("money").fill_null(0),
            months_aided=pl.col("months_aided").fill_null(0),
        )
    )
    kerak = pl.col("class_") == "kerak"
    draw = pl.Series(rng.random(count))
    aid = aid.with_columns(
        gap=pl.col("poor") & (pl.col("programmes") == ""),
        eligible_for=pl.when(pl.col("poor")).then(pl.lit("SEMBAKO")).otherwise(pl.lit("")),
        lapse=pl.when(kerak & (pl.col("months_aided") < 6) & (pl.col("months_aided") > 0)).then(
            pl.lit("2022-0") + (10 - pl.col("months_aided")).clip(7, 9).cast(pl.String)
        ),
        never_aided=kerak & (pl.col("months_aided") == 0),
    )
    links = _links(rng, persons, assistance, decile, family)
    return {
        "persons": persons,
        "families": families.join(
            persons.filter(pl.col("is_head")).select("family_id", head_id="person_id"), "family_id", "left"
        ).with_columns(listed=pl.lit(True), kk_satu_orang=pl.col("members") == 1, kk_count=pl.lit(1)),
        "links": links,
        "review": _review(rng, links),
        "findings": _findings(rng, persons, links),
        "eligibility": _eligibility(rng, persons, families),
        "welfare": families.select(
            "family_id",
            "class_",
            desil_nasional=pl.when(pl.col("d") > 0).then(pl.col("d")),
            desil_sumber=pl.lit("p3ke"),
            desil_tanggal=pl.lit("2022-08"),
            dasar=pl.when(pl.col("d") > 0).then(pl.lit("skor")),
            p_miskin=pl.when(pl.col("d") > 0).then(0.5 / pl.col("d")),
            nilai_kunjungan=pl.when(pl.col("d") > 0).then(0.3 / pl.col("d")),
            alasan=pl.when(pl.col("d") == 1).then(pl.lit("floor.bare:-0.209 savings.1:+0.110")),
        ),
        "assistance": assistance,
        "coverage": _coverage(place, rng, assistance, families, aid, draw),
        "overlap": _overlap(place, now),
        "family_aid": aid,
        "history": aid.select(
            "family_id", "class_", "kelurahan_code", period=pl.lit(PERIOD), aided=pl.col("programmes") != ""
        ),
        "poverty": pl.DataFrame(of_survey(interviews(), place, PERIOD).rows),
        "provenance": links.select(
            "row_key",
            delivery=pl.lit("0" * 64),
            file=pl.col("agency") + "/" + pl.col("kind") + "/2022-11.xlsx",
            sheet=pl.lit("Data"),
            row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
        ),
    }


def model() -> dict[str, Any]:
    """Return what the edition's `model.json` holds of score and survey."""
    rows = [
        {"kelurahan_code": area.code, "size": size, "families": 900, "listed": 0.1 + 0.002 * place}
        for place, area in enumerate(city().areas)
        for size in (1, 2, 4, 6)
    ]
    census = pl.DataFrame(rows)
    return {
        "welfare": score(),
        "links_by_group": {
            measure: {
                "lansia": _apart(0.012, 0.004),
                "kepala-perempuan": _apart(0.010, -0.001),
                "kelurahan/35.73.01.1001": _apart(0.03, 0.01),
            }
            for measure in ("wrong", "missed", "uncertain")
        },
        "measurement": {"small_areas": of_survey(interviews(), city(), PERIOD, census).checks},
    }


def _apart(estimate: float, low: float) -> dict[str, Any]:
    return {
        "rows": 400, "estimate": estimate, "warning": low > 0,
        "difference": {"estimate": low + 0.002, "low": low, "high": low + 0.004},
    }  # fmt: skip


def score() -> dict[str, Any]:
    """Return what an edition's model says of a score, as `rantang.welfare` writes it."""

    def errors(exclusion: float, households: int, few: bool = False) -> dict[str, Any]:
        around = {
            name: {"estimate": value, "low": value - 0.08, "high": value + 0.09}
            for name, value in (
                ("exclusion", exclusion),
                ("inclusion", exclusion + 0.01),
                ("leakage", exclusion - 0.01),
                ("poorest_tenth_missed", exclusion + 0.1),
            )
        }
        return {**around, "poor_households": households, "few": few}

    def at(coverage: float, exclusion: float) -> dict[str, Any]:
        whole = errors(exclusion, 60) | {
            "cgh": {"estimate": 7.5, "low": 5.6, "high": 9.7},
            "auc": {"estimate": 0.88, "low": 0.86, "high": 0.91},
        }
        return {
            "coverage": coverage, "*": whole, "lansia": errors(exclusion + 0.2, 33),
            "kepala-perempuan": errors(0.9, 8, few=True), "kelurahan/35.73.01.1001": errors(1.0, 2, few=True),
        }  # fmt: skip

    bins = [(0.01, 0.0), (0.05, 0.04), (0.3, 0.26)]
    return {
        "line": 620_253.0,
        "percentiles": {"miskin": 5.5, "rentan": 40, "kerak_lowest": 4.62},
        "sources": {
            "p3ke": {
                "families": 940, "households": 600,
                "points": {"floor": {"bare": -0.209}, "savings": {"1": 0.11}},
                "visits": {
                    "visits": 900, "errors_mended": 210.4, "left_out": 90.2, "let_in": 120.2, "cut": 0.28,
                },
                "joined": {"families": 85, "mean_move_size": 15.1},
                "errors": {
                    "line": at(0.055, 0.6), "share_0.2": at(0.2, 0.5), "share_0.4": at(0.4, 0.3),
                    "stability": {"chosen_again": 0.78, "rank_correlation": 0.97},
                    "calibration": [
                        {"predicted": said,
                         "observed": {"estimate": seen, "low": 0.7 * seen, "high": 1.3 * seen}}
                        for said, seen in bins
                    ],
                    "fairness": {
                        "lansia": {
                            "warning": True, "poor_households": 33,
                            "exclusion": {"estimate": 0.3, "low": 0.07, "high": 0.47},
                            "cost": {"chosen_in_addition": 0.022, "not_poor_among_them": 0.018,
                                     "rupiah_a_year": {"PKH": 1_638_561_000, "SEMBAKO": 1_310_848_800}},
                        },
                        "kepala-perempuan": {"warning": False, "cost": None, "exclusion": {}},
                    },
                },
            }
        },
    }  # fmt: skip


def interviews(blocks: int = 60, households: int = 10, seed: int = 3) -> pl.DataFrame:
    """Return a made-up survey as intake hands it on, with areas: blocks over the kelurahan, 1 in 14 poor."""
    rng = np.random.default_rng(seed)
    places = city().areas
    block = np.repeat(np.arange(blocks), households)
    at = [places[n % len(places)] for n in block]
    spent = np.exp(rng.normal(14.2, 0.55, len(block)) + 0.2 * rng.normal(size=blocks)[block])
    return pl.DataFrame(
        {
            "period": PERIOD,
            "strata": [area.kecamatan for area in at],
            "psu": block.astype(str),
            "bobot": np.full(len(block), 400.0),
            "jumlah_anggota": rng.integers(1, 7, len(block)),
            "jenis_kelamin_kepala": rng.choice(["L", "P"], len(block), p=[0.85, 0.15]),
            "pendidikan_kepala": rng.choice(["SD", "SMP", "SMA", "SARJANA"], len(block)),
            "lansia": rng.integers(0, 2, len(block)),
            "pengeluaran_kapita": spent.astype(np.int64),
            "garis_kemiskinan": np.full(len(block), 620_253),
            "kelurahan_code": [area.code for area in at],
            "kecamatan_code": [area.kecamatan_code for area in at],
        }
    )


def _persons(
    rng: np.random.Generator, family: np.ndarray, members: np.ndarray, kelurahan: np.ndarray
) -> pl.DataFrame:
    index = np.repeat(np.arange(len(family)), members)
    count = len(index)
    state = rng.choice(["sah", "hilang", "panjang", "serial"], count, p=[0.89, 0.07, 0.03, 0.01])
    head = np.concatenate([[True], index[1:] != index[:-1]])
    return pl.DataFrame(
        {
            "person_id": [f"P{n:07d}" for n in range(count)],
            "family_id": family[index],
            "nik": [
                f"357301410190{9001 + n % 999}" if s == "sah" else None for n, s in enumerate(state.tolist())
            ],
            "kk": [f"357301010120{9001 + n % 999}" for n in index.tolist()],
            "nik_state": state,
            "name": [f"WARGA CONTOH {n}" for n in range(count)],
            "age": rng.integers(0, 92, count),
            "sex": rng.choice(["L", "P"], count),
            "is_head": head,
            "kelurahan_code": kelurahan[index],
            "kecamatan_code": [code[:8] for code in kelurahan[index]],
            "rt": [str(n % 9 + 1) for n in range(count)],
            "rw": [str(n % 7 + 1) for n in range(count)],
            "address": ["JL CONTOH"] * count,
            "resident": rng.choice(
                ["tercatat", "pindah", "meninggal", "tidak-diketahui"], count, p=[0.94, 0.02, 0.015, 0.025]
            ),
            "dukcapil_queue": [
                {"hilang": "tanpa-nik", "sah": None}.get(s, "nik-salah") for s in state.tolist()
            ],
            "listed": rng.random(count) < 0.66,
            "in_dtks": rng.random(count) < 0.6,
        }
    )


def _assistance(
    place: cities.City, rng: np.random.Generator, scale: float, persons: pl.DataFrame, poor: np.ndarray
) -> pl.DataFrame:
    heads = persons.filter(pl.col("is_head"))
    weight = np.where(poor, 9.0, 1.0) * rng.choice([0.0, 1.0, 2.0], len(poor), p=[0.3, 0.5, 0.2])
    weight /= weight.sum()
    parts = []
    for programme in place.programmes:
        wanted = int(_RECIPIENTS.get(programme.code, 0) * (scale if scale < 1 else 1))
        wanted = min(wanted, int(0.45 * heads.height))
        if not wanted or not programme.runs_in(PERIOD):
            continue
        chosen = rng.choice(heads.height, wanted, replace=False, p=weight)
        for month in MONTHS:
            if not programme.runs_in(month):
                continue
            here = chosen[rng.random(wanted) < 0.985]
            doubled = here[rng.random(len(here)) < 0.008]
            rows = np.concatenate([here, doubled])
            unlinked = rng.random(len(rows)) < 0.015
            standing = rng.choice(
                ["tepat", "perlu-verifikasi", "tidak-layak", "tak-terjawab"],
                len(rows),
                p=[0.93, 0.055, 0.003, 0.012],
            )
            amount = programme.rupiah_for(month, 1) or 0
            parts.append(
                pl.DataFrame(
                    {
                        "row_key": [f"{programme.code}-{month}-{n}" for n in range(len(rows))],
                        "programme": programme.code,
                        "agency": programme.agency,
                        "period": month,
                        "person_id": pl.Series(heads["person_id"].to_numpy()[rows]),
                        "family_id": pl.Series(heads["family_id"].to_numpy()[rows]),
                        "kelurahan_code": pl.Series(heads["kelurahan_code"].to_numpy()[rows]),
                        "amount": pl.Series([amount] * len(rows), dtype=pl.Int64),
                        "amount_source": "asumsi" if _assumed(programme) else "standar",
                        "eligible": standing == "tepat",
                        "standing": np.where(unlinked, "tak-terhubung", standing),
                        "reasons": np.where(
                            standing == "tepat",
                            "",
                            rng.choice(
                                ["MENINGGAL", "PINDAH", "ASN-TNI-POLRI", "NIK-TIDAK-PADAN"], len(rows)
                            ),
                        ),
                        "double": np.concatenate([np.isin(here, doubled), np.ones(len(doubled), bool)]),
                        "unlinked": unlinked,
                    }
                )
            )
    frame = pl.concat(parts)
    exclusive = {p.code: set(p.exclusive_with) for p in place.programmes}
    held = (
        frame.filter(pl.col("period") == PERIOD).group_by("family_id").agg(held=pl.col("programme").unique())
    )
    frame = frame.join(held, "family_id", "left").with_columns(
        pl.when(~pl.col("unlinked")).then(pl.col("person_id")).alias("person_id"),
        pl.when(~pl.col("unlinked")).then(pl.col("family_id")).alias("family_id"),
        forbidden_with=pl.struct("programme", "held").map_elements(
            lambda row: " ".join(sorted(exclusive[row["programme"]] & set(row["held"] or ()))),
            return_dtype=pl.String,
        ),
    )
    return frame.drop("held", "unlinked")


def _assumed(programme: cities.Programme) -> bool:
    amount = programme.amount_in(PERIOD)
    return amount is None or amount.asumsi


def _coverage(
    place: cities.City,
    rng: np.random.Generator,
    assistance: pl.DataFrame,
    families: pl.DataFrame,
    aid: pl.DataFrame,
    draw: pl.Series,
) -> pl.DataFrame:
    now = assistance.filter(pl.col("period") == PERIOD)
    parts = []
    for everywhere in (False, True):
        where = pl.lit("*") if everywhere else pl.col("kelurahan_code")
        linked = pl.col("standing") != "tak-terhubung"
        first = pl.col("person_id").is_not_null() & pl.col("person_id").is_first_distinct()
        grouped = now.group_by("programme", "agency", k=where).agg(
            recipients=pl.col("family_id").drop_nulls().n_unique(),
            unlinked=(~linked).sum(),
            eligible_served=(first & (pl.col("standing") == "tepat")).sum(),
            verify=(first & (pl.col("standing") == "perlu-verifikasi")).sum(),
            not_eligible=(first & (pl.col("standing") == "tidak-layak")).sum(),
            unanswered=(first & (pl.col("standing") == "tak-terjawab")).sum(),
            doubles=(~first & linked).sum(),
            overlap=(first & (pl.col("forbidden_with") != "")).sum(),
            money=pl.col("amount").sum(),
            money_verify=pl.when(pl.col("standing").is_in(["perlu-verifikasi", "tidak-layak"]))
            .then(pl.col("amount"))
            .otherwise(0)
            .sum(),
        )
        parts.append(grouped.rename({"k": "kelurahan_code"}))
    local = parts[0].sort("programme", "kelurahan_code").with_columns(pl.col("kelurahan_code").fill_null("?"))
    gap = (local["eligible_served"].to_numpy() * rng.gamma(1.2, 0.5, local.height)).astype(int)
    local = local.with_columns(gap=pl.Series(gap))
    city_gap = local.group_by("programme").agg(gap=pl.col("gap").sum())
    whole = parts[1].join(city_gap, "programme")
    columns = [c for c in local.columns if c in whole.columns]
    table = pl.concat([local.select(columns), whole.select(columns)])
    any_local = (
        aid.with_columns(served=pl.col("poor") & (pl.col("programmes") != ""))
        .group_by("kelurahan_code")
        .agg(
            eligible_served=pl.col("served").sum(),
            gap=pl.col("gap").sum(),
            recipients=(pl.col("programmes") != "").sum(),
        )
    )
    any_city = any_local.select(
        kelurahan_code=pl.lit("*"),
        eligible_served=pl.col("eligible_served").sum(),
        gap=pl.col("gap").sum(),
        recipients=pl.col("recipients").sum(),
    )
    anything = pl.concat([any_local, any_city]).with_columns(programme=pl.lit("*"))
    sums = table.filter(pl.col("kelurahan_code") == "*")
    money = {name: int(sums[name].sum()) for name in ("money", "money_verify", "unlinked", "doubles")}
    checked = now.filter(pl.col("standing").is_in(["perlu-verifikasi", "tidak-layak"]))
    anything = anything.with_columns(
        [
            pl.when(pl.col("kelurahan_code") == "*")
            .then(pl.lit(value, pl.Int64))
            .otherwise(pl.lit(0, pl.Int64))
            .alias(name)
            for name, value in money.items()
        ]
    ).with_columns(
        overlap=pl.when(pl.col("kelurahan_code") == "*")
        .then(pl.lit(now.filter(pl.col("forbidden_with") != "")["family_id"].n_unique(), pl.Int64))
        .otherwise(pl.lit(0, pl.Int64)),
        verify=pl.when(pl.col("kelurahan_code") == "*")
        .then(pl.lit(checked["family_id"].n_unique(), pl.Int64))
        .otherwise(pl.lit(0, pl.Int64)),
    )
    table = pl.concat([table, anything], how="diagonal_relaxed")
    units = {p.code: p.unit for p in place.programmes}
    quota = {p.code: q.count for p in place.programmes if (q := p.quota_in(PERIOD))}
    return table.with_columns(
        eligible=pl.col("eligible_served") + pl.col("gap"),
        unit=pl.col("programme").replace_strict(units, default="keluarga"),
        quota=pl.col("programme").replace_strict(quota, default=None, return_dtype=pl.Int64),
    )


def _overlap(place: cities.City, now: pl.DataFrame) -> pl.DataFrame:
    held = (
        now.select("family_id", "programme", "amount")
        .drop_nulls("family_id")
        .unique(["family_id", "programme"])
    )
    pairs = held.join(held, "family_id", suffix="_b").filter(pl.col("programme") <= pl.col("programme_b"))
    relation = {(pair.first, pair.second): pair.relation for pair in place.pairs}
    counted = pairs.group_by(programme_a="programme", programme_b="programme_b").agg(
        families=pl.len(), money=pl.min_horizontal("amount", "amount_b").sum()
    )
    names = [
        "sama" if a == b else relation.get((a, b), "netral")
        for a, b in counted.select("programme_a", "programme_b").iter_rows()
    ]
    return counted.with_columns(relation=pl.Series(names))


def _links(
    rng: np.random.Generator,
    persons: pl.DataFrame,
    assistance: pl.DataFrame,
    decile: np.ndarray,
    family: np.ndarray,
) -> pl.DataFrame:
    base = persons.select("person_id", "nik_state")
    lists = [
        ("dinsos", "dtks", persons.height * 6 // 10),
        ("bappeda", "p3ke", persons.height // 6),
        ("dinkes", "kesehatan", persons.height // 5),
        ("disdikbud", "pendidikan", persons.height // 12),
        ("dpuprpkp", "rumah", persons.height // 200),
        ("disnaker", "tenaga_kerja", persons.height // 30),
    ]
    parts = []
    for agency, kind, size in lists:
        chosen = base.sample(size, seed=3, shuffle=True)
        chosen = pl.concat([chosen, chosen.head(max(1, size // 90))])
        parts.append(
            chosen.with_columns(
                agency=pl.lit(agency),
                kind=pl.lit(kind),
                period=pl.lit(PERIOD),
                programme=pl.lit(None, pl.String),
                row_key=pl.lit(f"{kind}-") + pl.int_range(pl.len()).cast(pl.String),
            )
        )
    received = (
        assistance.drop_nulls("person_id")
        .join(base, "person_id")
        .select("person_id", "nik_state", "agency", "period", "programme", "row_key", kind=pl.lit("penerima"))
    )
    frame = pl.concat([*parts, received.select(parts[0].columns)])
    count = frame.height
    equal = (frame["nik_state"].to_numpy() == "sah") & (rng.random(count) < 0.93)
    tier = np.where(equal, "sure", rng.choice(["sure", "likely", "own"], count, p=[0.62, 0.33, 0.05]))
    return frame.with_columns(
        nik_equal=pl.Series(equal),
        tier=pl.Series(tier),
        method=pl.Series(
            np.where(
                tier == "own", "first", np.where(equal, "ladder", rng.choice(["model", "family"], count))
            )
        ),
        probability=pl.Series(np.where(tier == "sure", 0.999, 0.95)),
        double=pl.struct("agency", "kind", "programme", "period", "person_id").is_duplicated(),
    ).drop("nik_state")


def _review(rng: np.random.Generator, links: pl.DataFrame) -> pl.DataFrame:
    size = max(12, links.height // 90)
    return (
        links.sample(size, seed=5)
        .with_columns(
            rank=pl.lit(1),
            p_model=pl.Series(rng.random(size)),
            value=pl.Series(rng.random(size)),
            candidate_key=pl.col("row_key"),
            evidence=pl.lit("nama~ nik- kk="),
        )
        .select(
            "row_key", "rank", "person_id", "candidate_key", "p_model", "value", "evidence", "agency", "kind"
        )
    )


def _findings(rng: np.random.Generator, persons: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    size = max(40, links.height // 12)
    codes = rng.choice(
        ["NIK-HILANG", "NIK-PANJANG", "GANDA", "MENINGGAL", "PINDAH", "TANGGAL-TIMBUN", "KELURAHAN-EJAAN"],
        size,
        p=[0.3, 0.15, 0.12, 0.1, 0.08, 0.15, 0.1],
    )
    acts = {
        "NIK-HILANG": "dispendukcapil",
        "NIK-PANJANG": "pengirim",
        "GANDA": "pengirim",
        "MENINGGAL": "kelurahan",
        "PINDAH": "kelurahan",
        "TANGGAL-TIMBUN": "pengirim",
        "KELURAHAN-EJAAN": "pengirim",
    }
    frame = links.sample(size, seed=9, with_replacement=size > links.height).join(
        persons.select("person_id", "family_id", "kelurahan_code"), "person_id", "left"
    )
    return frame.with_columns(
        code=pl.Series(codes),
        severity=pl.Series(np.where(codes == "NIK-PANJANG", "peringatan", "info")),
        subject=pl.lit("row"),
        subject_id=pl.col("row_key"),
        column=pl.lit("NIK"),
        value=pl.lit("3573••••••••••01"),
        evidence=pl.lit("nik="),
        needs_word=pl.Series(np.isin(codes, ["MENINGGAL", "PINDAH"])),
        acts=pl.Series([acts[code] for code in codes.tolist()]),
        file=pl.lit("lists/dinsos/dtks/2022-11.xlsx"),
        sheet=pl.lit("Data"),
        row=pl.int_range(pl.len()),
    )


def _eligibility(rng: np.random.Generator, persons: pl.DataFrame, families: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for subject, frame, key in (("person", persons, "person_id"), ("family", families, "family_id")):
        status = rng.choice(
            ["layak", "perlu-verifikasi", "tidak-layak"], frame.height, p=[0.93, 0.065, 0.005]
        )
        parts.append(
            frame.select(
                "family_id", "kelurahan_code", subject=pl.lit(subject), subject_id=pl.col(key)
            ).with_columns(
                status=pl.Series(status),
                by_word=pl.Series(status == "tidak-layak"),
                reasons=pl.Series(np.where(status == "layak", "", "MENINGGAL")),
                acts=pl.lit("kelurahan"),
            )
        )
    return pl.concat(parts)


def _manifest(frames: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    links = frames["links"]
    deliveries = []
    for (agency, kind, period, programme), rows in links.group_by(
        "agency", "kind", "period", "programme", maintain_order=True
    ):
        refused, held = rows.height // 60, rows.height // 150
        deliveries.append(
            {
                "agency": agency,
                "kind": kind,
                "period": period,
                "programme": programme,
                "file": f"lists/{agency}/{kind}/{period}.xlsx",
                "sha256": "0" * 64,
                "rows": rows.height + refused + held,
                "accepted": rows.height,
                "refused": refused,
                "held": held,
            }
        )
    total = links.height
    return {
        "schema": 1,
        "edition": "2022-11-1a2b3c4d",
        "hash": "1a2b3c4d" + "0" * 56,
        "place": "malang",
        "period": PERIOD,
        "made_at": "2022-11-25T09:14:00+07:00",
        "version": "0.1.0",
        "synthetic": True,
        "seconds": 84.2,
        "deliveries": deliveries,
        "stages": [
            {"name": name, "rows": total, "accepted": total - n, "refused": n, "held": 0, "seconds": s}
            for name, n, s in (
                ("intake", 812, 21.3),
                ("identity", 0, 9.8),
                ("register", 0, 31.0),
                ("validation", 0, 6.2),
                ("welfare", 0, 1.1),
                ("synergy", 0, 8.4),
            )
        ],
        "linkage": [
            {
                "agency": "dinsos",
                "kind": "dtks",
                "calibration": "nik-held-out",
                "pairs": 4_120,
                "decoy_error": 0.0004,
            },
            {
                "agency": "bappeda",
                "kind": "p3ke",
                "calibration": "nik-held-out",
                "pairs": 2_004,
                "decoy_error": 0.0006,
            },
            {"agency": "dpuprpkp", "kind": "rumah", "calibration": "none", "pairs": 0, "decoy_error": None},
        ],
    }
