"""What can be set of the engine, part by part."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

SHARD = r"^[a-z][a-z0-9]{0,31}$"


class Part(BaseModel):
    """A part of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RedisSettings(Part):
    """Where debates are kept."""

    url: str = "redis://127.0.0.1:6379/0"
    """`redis://`, `rediss://`, `unix://`, or `embedded`: a server of this person's own. With
    `+cluster` after the scheme, a cluster, by some of its nodes: `redis+cluster://a:6379,b:6379`."""
    shard: str = Field(default="main", pattern=SHARD)
    """Debates started here live in this shard; a worker serves one shard."""
    keep_days: float = Field(default=90, gt=0)
    """How long a debate is kept after its close."""
    durability: Literal["local", "replicated"] = "local"
    """`replicated`: what happens counts, and is posted, once a replica of Redis has it too, so that
    a failover loses nothing that anybody saw. While no replica is there, nothing goes on."""


class ModelSettings(Part):
    """Who speaks."""

    url: str = "http://127.0.0.1:8000/v1"
    """An OpenAI-compatible server; or `embedded`, `FILE.gguf`, `hf:OWNER/REPO/FILE.gguf`,
    `script:FILE`."""
    name: str | None = None
    """Which of the server's models; need not be said where it serves one."""
    api_key: SecretStr | None = None
    """Sent as a bearer token."""
    sampling: dict[str, Any] = Field(default_factory=dict)
    """Sent along with each request: `{"temperature": 0.7}`."""
    context_tokens: int = Field(default=8192, ge=1024)
    """What is assumed where the server does not tell."""
    calls_at_once: int = Field(default=64, ge=1)
    """How many replies one worker has streamed at once."""
    slots: int | None = Field(default=None, ge=1)
    """How many turns are spoken at once, all workers together; the others queue, fair by
    workspace. Unset: the server itself says when it is full."""
    cache_salt: Literal["workspace"] | None = None
    """`workspace`: the server caches each workspace's prompts apart, so that nobody finds out by
    how fast or how cheap a turn is what another workspace debates. For vLLM; others may refuse it.
    Unset: prompts that begin alike are cached once."""
    patience_s: float = Field(default=600, ge=0)
    """How long a debate waits for a model that is away before it closes."""


class WorkerSettings(Part):
    """How a worker works."""

    debates_at_once: int = Field(default=64, ge=1)
    """How many debates one worker holds."""
    lease_s: float = Field(default=10, ge=1, le=60)
    """A dead worker's debates are taken over after so long, and a little more."""
    drain_s: float = Field(default=60, ge=0)
    """How long running turns may take to end when the worker is asked to stop."""
    host: str = "127.0.0.1"
    """For /healthz and /metrics."""
    port: int = Field(default=9464, ge=0, le=65535)
    """On that host; 0: any that is free."""


class BudgetSettings(Part):
    """What one debate may use; unset: no limit."""

    turns: int | None = Field(default=None, ge=1)
    """Turns spoken."""
    tokens: int | None = Field(default=None, ge=1)
    """Tokens that the model had to compute: prompt less cached, plus completion."""
    seconds: float | None = Field(default=None, gt=0)
    """Seconds of speaking; waiting for people or for a reader's pace is not counted."""


class AllowanceSettings(BudgetSettings):
    """What all debates of a channel, or of a workspace, may use in a day; unset: no limit."""

    debates_a_day: int | None = Field(default=None, ge=1)
    """Debates started in a day, by UTC."""
    debates_at_once: int | None = Field(default=None, ge=1)
    """Debates that are open."""


class SecretsSettings(Part):
    """What seals other people's secrets where they are kept, such as the tokens of OAuth."""

    keys: tuple[SecretStr, ...] = ()
    """Each 32 bytes in URL-safe base64. The first one seals, all of them open: to change keys, put
    the new one first, and take the old one away once everything is sealed anew."""


class LogSettings(Part):
    """What is logged, and how."""

    format: Literal["json", "text"] = "json"
    """Lines for machines, or for people."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""
