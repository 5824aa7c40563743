"""Everything in the vault sealed with the key of today."""

from __future__ import annotations

import asyncio

from deploy.cli.output import Answer, translation
from engine import logs
from engine.bootstrap import open_vault
from engine.settings import Settings, read_settings


def resealed() -> Answer:
    """Seals all that the vault has anew.

    Raises:
        VaultLocked, StoreAway, Explained
    """
    logs.configure("text", "error")
    settings = read_settings()
    number = asyncio.run(_resealed(settings))
    translate = translation()
    parts = [translate("Sealed anew: {number}").format(number=number)]
    if len(settings.secrets.keys) > 1:
        parts.append(translate("Keys after the first of secrets.keys are not needed any more."))
    return Answer({"resealed": number}, parts)


async def _resealed(settings: Settings) -> int:
    async with open_vault(settings) as vault:
        return await vault.rotate()
