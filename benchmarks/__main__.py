"""`python -m benchmarks [--scale 1.0] [--only PART,…] [--splink-scale 0.1]`; parts as in PARTS."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks import (
    anywhere,
    febrl,
    growth,
    intake,
    linkage,
    measurement,
    planning,
    projection,
    run,
    small_areas,
    targeting,
)
from benchmarks.measure import console

PARTS: dict[str, Callable[[argparse.Namespace], object]] = {
    "linkage": lambda asked: linkage.report(asked.scale, asked.splink_scale or asked.scale),
    "febrl": lambda _: febrl.report(),
    "anywhere": lambda _: anywhere.report(),
    "intake": lambda asked: intake.report(asked.scale),
    "run": lambda asked: run.report(asked.scale),
    "growth": lambda asked: growth.report(asked.scale),
    "measurement": lambda _: measurement.report(),
    "small_areas": lambda _: small_areas.report(),
    "projection": lambda _: projection.report(),
    "planning": lambda asked: planning.report(asked.scale),
    "targeting": lambda asked: targeting.report(asked.scale),
}


def main() -> None:
    """Run what was asked for, one measurement after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is a city of about 850,000")
    parser.add_argument("--only", default=",".join(PARTS), help="some of: " + ",".join(PARTS))
    parser.add_argument("--splink-scale", type=float, help="a smaller city for the comparison with Splink")
    asked = parser.parse_args()
    chosen = asked.only.split(",")
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    console.print(f"scale {asked.scale:g}: {', '.join(chosen)}")
    for name, part in PARTS.items():
        if name in chosen:
            part(asked)


if __name__ == "__main__":
    main()
