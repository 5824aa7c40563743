"""What a chat bot counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

_VISIBLE_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 300)


class Metrics:
    """One process's counters, in a registry of their own."""

    def __init__(self, platform: str) -> None:
        """`platform`: as the counters' names have it, `slack` for `tertulia_slack_calls`."""
        self.registry = CollectorRegistry()
        self.calls = Counter(
            f"tertulia_{platform}_calls",
            "Calls to the platform, by method and what became of them.",
            ["method", "outcome"],
            registry=self.registry,
        )
        self.heard = Counter(
            f"tertulia_{platform}_heard",
            "What the platform brought, by kind and what became of it.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.visible_s = Histogram(
            f"tertulia_{platform}_visible_seconds",
            "From a turn's record in the log to its last part in the thread that it was asked in.",
            buckets=_VISIBLE_SECONDS,
            registry=self.registry,
        )
