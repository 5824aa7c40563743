"""The benchmarks, one a file: each yields tables."""
