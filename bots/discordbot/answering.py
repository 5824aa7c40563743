"""How interactions are answered: deferred at once, whatever the engine is doing, and said later.

All are deferred for the asker's eyes alone, since nobody knows yet what will be said: a refusal is
nobody else's to read. An answer for all to see follows in a message of its own.

Each process that listens is sent every interaction; the one whose deferral Discord takes does what
is asked for. For a quarter of an hour an interaction can be answered; after that, whoever asked is
written to as in any conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import discord
import structlog
from aiohttp import ClientError

from bots.chat.desk import Answer
from bots.chat.i18n import Translate
from bots.chat.split import split
from bots.chat.surface import RetryAfter, Unknown
from bots.discordbot.markdown import length, plain
from bots.discordbot.message import LIMIT
from bots.discordbot.refusals import DiscordRefused
from bots.discordbot.rest import Json, Rest
from bots.discordbot.telling import Telling
from engine.ports.store import StoreAway

PATIENCE_S = 840.0
"""As long as it can be answered: large files take their time. A store that is away says so."""
FORM_PATIENCE_S = 2.0
"""A form is to be there within three seconds."""
CALLBACK = "POST /interactions/{interaction}/{token}/callback"
DEFERS, DEFERS_UPDATE = 5, 6
PRIVATE = 1 << 6
"""The flag of a message that one person sees."""
BELOW = "⤵"
"""What stands for a moment where the answer is for all to see, and follows."""
_TOO_LATE, _ANSWERED = 10_062, 40_060
_NO_TOKEN = frozenset({10_015, 50_027})
"""A quarter of an hour is over."""

Heard = discord.Interaction[Any]

log = structlog.get_logger()


class Answering:
    """Answers interactions."""

    def __init__(self, rest: Rest, telling: Telling, patience_s: float = PATIENCE_S) -> None:
        self._rest, self._telling, self._patience_s = rest, telling, patience_s

    async def defer(self, interaction: Heard) -> bool:
        """Says that it is being done; whether it is this process that is to do it."""
        is_press = interaction.type is discord.InteractionType.component
        privately: Json = {"type": DEFERS, "data": {"flags": PRIVATE}}
        body = {"type": DEFERS_UPDATE} if is_press else privately
        try:
            # By no means twice: the second would be told that it is answered, as if by others.
            await self._rest.call(
                CALLBACK, body, interaction=str(interaction.id), token=interaction.token
            )
        except DiscordRefused as refused:
            return refused.code not in (_TOO_LATE, _ANSWERED)
        except (RetryAfter, Unknown):
            return True  # it may have been heard; what is done twice is done once
        return True

    async def show_form(self, interaction: Heard, form: discord.ui.Modal) -> None:
        """Opens a form; whoever asked is told by Discord where that fails."""
        try:
            await interaction.response.send_modal(form)
        except (discord.HTTPException, ClientError, OSError, TimeoutError) as error:
            log.info("form.not_shown", error=str(error))

    async def wish(
        self, work: Awaitable[Answer], translate: Translate, *, is_form: bool = False
    ) -> Answer:
        """What came of it, or that it is to be tried again; a form is waited for less long."""
        try:
            async with asyncio.timeout(FORM_PATIENCE_S if is_form else self._patience_s):
                return await work
        except (StoreAway, TimeoutError):
            return Answer(translate("That could not be done just now; try again in a moment."))

    async def finish(self, interaction: Heard, answer: Answer) -> None:
        """Says what came of what was deferred; nothing, where there is nothing to say."""
        is_press = interaction.type is discord.InteractionType.component
        if not answer.text and not answer.files:
            if not is_press:
                await self._try(interaction, interaction.delete_original_response, answer)
            return
        await self._try(interaction, lambda: self._say(interaction, answer), answer)
        if not answer.private and not is_press:
            await self._try(interaction, interaction.delete_original_response, Answer())

    async def _say(self, interaction: Heard, answer: Answer) -> None:
        first, *rest = [plain(p.text) for p in split(answer.text, LIMIT, length)] or [""]
        is_press = interaction.type is discord.InteractionType.component
        none, send = discord.AllowedMentions.none(), interaction.followup.send
        if answer.private and not is_press:
            await interaction.edit_original_response(
                content=first or None, attachments=_files(answer), allowed_mentions=none
            )
        else:
            if not is_press:  # what follows while it is waited for is as private as the wait
                await interaction.edit_original_response(content=BELOW)
            files = _files(answer)
            await send(first, ephemeral=answer.private, files=files, allowed_mentions=none)
        for text in rest:
            await send(text, ephemeral=answer.private, allowed_mentions=none)

    async def _try(
        self, interaction: Heard, say: Callable[[], Awaitable[None]], answer: Answer
    ) -> None:
        try:
            await say()
        except discord.HTTPException as error:
            if error.code in _NO_TOKEN and answer.text:
                await self._telling.write_to(
                    str(interaction.user.id), answer, about=str(interaction.id)
                )
            elif error.status != 404:
                log.warning("answer.lost", error=str(error))
        except (ClientError, OSError, TimeoutError) as error:
            log.warning("answer.lost", error=str(error))


def _files(answer: Answer) -> list[discord.File]:
    return [discord.File(BytesIO(file.content), file.name) for file in answer.files]
