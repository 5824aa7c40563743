"""What the Slack bot counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter


class Metrics:
    """One process's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls = Counter(
            "tertulia_slack_calls",
            "Web API calls, by method and what became of them.",
            ["method", "outcome"],
            registry=self.registry,
        )
        self.heard = Counter(
            "tertulia_slack_heard",
            "Payloads from Slack, by kind and what became of them.",
            ["kind", "outcome"],
            registry=self.registry,
        )
