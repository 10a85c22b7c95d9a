"""`python -m benchmarks [--scale 1.0] [--only linkage,febrl,intake,run,targeting] [--splink-scale 0.1]`."""

from __future__ import annotations

import argparse

from benchmarks import febrl, intake, linkage, run, targeting
from benchmarks.measure import console

PARTS = ("linkage", "febrl", "intake", "run", "targeting")


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
    if "linkage" in chosen:
        linkage.report(asked.scale, asked.splink_scale or asked.scale)
    if "febrl" in chosen:
        febrl.report()
    if "intake" in chosen:
        intake.report(asked.scale)
    if "run" in chosen:
        run.report(asked.scale)
    if "targeting" in chosen:
        targeting.report(asked.scale)


if __name__ == "__main__":
    main()
