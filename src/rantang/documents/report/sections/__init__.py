"""The report's parts in reading order; each makes `Section`s of `ReportData` and nothing else."""
