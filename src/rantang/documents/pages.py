"""What every self-contained page shares: how its template is read, and its style with the font inside."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup


def environment(package: str) -> Environment:
    """Return the environment of a document's templates: everything is escaped, nothing may be missing."""
    return Environment(
        loader=PackageLoader(package, "."),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style(own: str = "") -> Markup:
    """Return the house's style sheet, the font in it, and what a document adds to it."""
    folder = resources.files("rantang.documents.report")
    font = base64.b64encode((folder / "fonts" / "inter.woff2").read_bytes()).decode("ascii")
    css = (folder / "report.css").read_text("utf-8").replace("FONT_DATA", f"data:font/woff2;base64,{font}")
    return Markup(css + own)  # noqa: S704  (our own files)


def script(package: str, name: str) -> Markup:
    """Return a script of ours as it stands in a page."""
    return Markup((resources.files(package) / name).read_text("utf-8"))  # noqa: S704  (our own files)


def hash_of(text: str) -> str:
    """Return the name by which a page's policy allows this one script and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
