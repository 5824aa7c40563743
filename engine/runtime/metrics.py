"""What a worker counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from engine.debate.commands import Command, GiveUpOnModel, RecordSynthesis, RecordTurn, StartHead
from engine.debate.events import Reason
from engine.debate.state import Debate

_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160)
_GAP_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)


class Metrics:
    """One worker's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.held = Gauge(
            "tertulia_debates_held", "Debates that this worker holds now.", registry=self.registry
        )
        self.work_waiting = Gauge(
            "tertulia_work_waiting",
            "Wake-ups that no worker has taken yet; the same from each worker of a shard.",
            registry=self.registry,
        )
        self.work_oldest_s = Gauge(
            "tertulia_work_oldest_seconds",
            "How long the first of them has waited; the same from each worker of a shard.",
            registry=self.registry,
        )
        self.dead_letters = Gauge(
            "tertulia_dead_letters",
            "Wake-ups that kept failing and were buried; the same from each worker of a shard.",
            registry=self.registry,
        )
        self.turns = Counter(
            "tertulia_turns",
            "Turns recorded, by how the reply was repaired.",
            ["repaired"],
            registry=self.registry,
        )
        self.closes = Counter(
            "tertulia_debates_closed",
            "Debates closed, by why, and by how the synthesis was repaired.",
            ["reason", "repaired"],
            registry=self.registry,
        )
        self.heads = Counter(
            "tertulia_heads", "Prompt heads begun, by why.", ["reason"], registry=self.registry
        )
        self.tokens = Counter(
            "tertulia_tokens", "Tokens of model calls.", ["kind"], registry=self.registry
        )
        self.model_errors = Counter(
            "tertulia_model_errors", "Model calls that failed.", ["kind"], registry=self.registry
        )
        self.claims_lost = Counter(
            "tertulia_claims_lost",
            "Claims that another worker or a person took away.",
            registry=self.registry,
        )
        self.crashes = Counter(
            "tertulia_crashes", "Turns that a bug broke off.", registry=self.registry
        )
        self.spoke_s = Histogram(
            "tertulia_speaking_seconds",
            "From a cue to its reply.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.gap_s = Histogram(
            "tertulia_handoff_gap_seconds",
            "From a reply's end to the next request for the same debate.",
            buckets=_GAP_SECONDS,
            registry=self.registry,
        )

    def count(self, command: Command, debate: Debate) -> None:
        """Counts what was just recorded; `debate` is as it stood before."""
        match command:
            case RecordTurn():
                self.turns.labels(command.repaired or "no").inc()
                self.spoke_s.observe(command.spent.seconds)
            case RecordSynthesis():
                self.closes.labels(_why(debate.reason), command.repaired or "no").inc()
            case GiveUpOnModel():
                self.closes.labels(_why(debate.reason or command.reason), "default").inc()
            case StartHead():
                self.heads.labels(command.reason.value).inc()
        if isinstance(command, RecordTurn | RecordSynthesis | StartHead):
            usage = command.spent.usage
            self.tokens.labels("prompt").inc(usage.prompt_tokens)
            self.tokens.labels("cached").inc(usage.cached_tokens)
            self.tokens.labels("completion").inc(usage.completion_tokens)


def _why(reason: Reason | None) -> str:
    return (reason or Reason.ROUNDS).value
