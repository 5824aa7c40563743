"""Everything that reads from outside, fed with real samples that were tampered with.

`pytest tests/fuzz` takes a small share of it; `python -m tests.fuzz --minutes 10` goes on.
"""
