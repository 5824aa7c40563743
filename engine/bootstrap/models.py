"""From the settings to the model that they name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from engine.adapters.embedded_model import EMBEDDED_SAMPLING, embedded_model
from engine.adapters.model_files import bundled_model, hf_file
from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.adapters.scripted_model import ScriptedModel
from engine.bootstrap.progress import Progress
from engine.ports.model import ModelClient, ModelRefused
from engine.settings import ModelSettings


@asynccontextmanager
async def open_model(settings: ModelSettings, progress: Progress) -> AsyncIterator[ModelClient]:
    """A client of the model; fetched and started first, where it is one that comes along.

    Raises:
        ModelAway, ModelRefused, EmbeddedPartFailed
    """
    kind, _, rest = settings.url.partition(":")
    if kind == "script":
        yield ScriptedModel.load(Path(rest))
    elif kind in ("http", "https"):
        async with OpenAIClient.open(_asked_at(settings)) as client:
            yield client
    else:
        file = await _weights(settings.url, progress)
        bundled = settings.url == "embedded"
        async with embedded_model(file) as url:
            sampling = {**(EMBEDDED_SAMPLING if bundled else {}), **settings.sampling}
            update = {"url": url, "name": None, "sampling": sampling}
            here = _asked_at(settings.model_copy(update=update), reuse_connections=False)
            async with OpenAIClient.open(here) as client:
                yield client


async def _weights(named: str, progress: Progress) -> Path:
    if named == "embedded":
        return await bundled_model(progress)
    if named.startswith("hf:"):
        parts = named.removeprefix("hf:").split("/", 2)
        if len(parts) != 3 or not all(parts):
            raise ModelRefused("{named}: write it as hf:OWNER/REPO/FILE.gguf", named=named)
        return await hf_file(parts[0], parts[1], parts[2], progress)
    if not named.endswith(".gguf"):
        raise ModelRefused(
            "{named} is no model: give embedded, FILE.gguf, hf:OWNER/REPO/FILE.gguf, "
            "http://HOST/v1 or script:FILE",
            named=named,
        )
    return Path(named)


def _asked_at(settings: ModelSettings, *, reuse_connections: bool = True) -> OpenAISettings:
    return OpenAISettings(
        base_url=settings.url,
        model=settings.name,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        sampling=settings.sampling,
        context_tokens=settings.context_tokens,
        salted=settings.cache_salt == "workspace",
        concurrency=settings.calls_at_once,
        reuse_connections=reuse_connections,
    )
