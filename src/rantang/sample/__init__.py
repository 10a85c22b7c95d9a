"""The sample city: a synthetic Malang, calibrated and fully labelled.

`generate` writes a workspace: `city.toml`, `lists/AGENCY/KIND/PERIOD[-note].ext` as the agencies
would hand them in, and, apart, `truth/*.parquet`. Only this package and the benchmarks may read
the truth. Every rate is in `rates.toml`, with its source.
"""

from __future__ import annotations

from rantang.sample.generate import SampleSummary, build_world, generate
from rantang.sample.scoring import LinkageDelivery, linkage_delivery

__all__ = ["LinkageDelivery", "SampleSummary", "build_world", "generate", "linkage_delivery"]
