"""What an OpenAI-compatible server tells of the models it serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.ports.model import ModelRefused

Listed = Mapping[str, Any]
"""One entry of `GET /v1/models`."""


def choose(answer: object, wanted: str | None, where: str) -> Listed:
    """The wanted model out of the answer to `GET /v1/models`; `None`: the only one.

    Raises:
        ModelRefused: it is not there, or there are several to choose from; the text names them.
    """
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list):
        raise ModelRefused("{where}/models answers with no list of models", where=where)
    models: dict[str, Listed] = {str(m["id"]): m for m in data if isinstance(m, dict) and "id" in m}
    if wanted is None and len(models) == 1:
        return next(iter(models.values()))
    for model in models.values():
        if wanted in _names(model):
            return model
    if not models:
        raise ModelRefused("{where} serves no model", where=where)
    serves = ", ".join(models)
    if wanted is None:
        raise ModelRefused(
            "{where} needs the name of a model; it serves: {serves}", where=where, serves=serves
        )
    raise ModelRefused(
        "{wanted} is not served at {where}; it serves: {serves}",
        wanted=wanted,
        where=where,
        serves=serves,
    )


def context_tokens(model: Listed) -> int | None:
    """The model's context as vLLM tells it, or as llama.cpp does: what one reply may use of it."""
    meta = model.get("meta")
    return _positive(model.get("max_model_len")) or (
        _positive(meta.get("n_ctx")) if isinstance(meta, dict) else None
    )


def slot_tokens(props: object) -> int | None:
    """The same out of `GET /props`, where older versions of llama.cpp's server tell it."""
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    return _positive(settings.get("n_ctx")) if isinstance(settings, dict) else None


def _names(model: Listed) -> set[str]:
    """Ollama lists `name:latest` and takes `name`; llama.cpp's server lists aliases."""
    aliases = model.get("aliases")
    others = aliases if isinstance(aliases, list) else []
    name = str(model["id"])
    return {name, name.removesuffix(":latest"), *map(str, others)}


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
