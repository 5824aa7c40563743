"""Whom a post in Discord calls: whoever is next, where they can be reached, and nobody else."""

from __future__ import annotations

import pytest

from bots.chat.surface import Part, Role, Segment, Speaker, Tag
from bots.discordbot.ids import person_of
from bots.discordbot.message import CONTENT
from tests.chat.logs import SEATS
from tests.chat.surface_contract import part, words
from tests.chat.test_mentions import ATTACKS
from tests.discordbot.stage import WEBHOOK, DiscordStage
from tests.fakes.discord.faults import fails

ASK = Segment(Role.QUESTION, "¿Y usted?", Tag(seat=SEATS[2]))


async def test_a_persona_without_a_role_is_called_by_name(stage: DiscordStage) -> None:
    place = stage.thread()
    tag = Tag(seat=SEATS[3])
    await stage.surface.post(place, part(words(), Segment(Role.QUESTION, "¿Sí?", tag)))
    (text,) = await stage.seen(place)
    assert f"→ **{SEATS[3].name}**" in text
    assert await stage.pinged(place) == []


async def test_a_role_that_may_not_be_mentioned_is_not(stage: DiscordStage) -> None:
    place, club = stage.thread(), stage.club
    club.discord.role(club.guild, SEATS[3].name, club.luis)
    tag = Tag(seat=SEATS[3])
    await stage.surface.post(place, part(words(), Segment(Role.QUESTION, "¿Sí?", tag)))
    assert "<@&" not in stage.club.discord.trace.calls(WEBHOOK)[-1]["content"]
    assert await stage.pinged(place) == []


async def test_a_person_is_called_by_the_notice_that_is_for_them(either: DiscordStage) -> None:
    place, club = either.thread(), either.club
    tag = Tag(person=person_of(club.luis.user.id, "luis"))
    made = part(Segment(Role.NOTICE, "Es su turno.", tag))
    await either.surface.post(place, Part(made.key, Speaker(), made.segments, "es"))
    assert [ping.by for ping in club.luis.pings] == ["user"]
    assert club.ana.pings == []


async def test_a_person_of_another_server_is_called_by_name(either: DiscordStage) -> None:
    place = either.thread()
    tag = Tag(person=person_of("123456789", "Zoe"))
    made = part(Segment(Role.NOTICE, "Es su turno.", tag))
    await either.surface.post(place, Part(made.key, Speaker(), made.segments, "es"))
    (text,) = await either.seen(place)
    assert text == "-# **Zoe** Es su turno."


@pytest.mark.parametrize("role", Role)
async def test_attacks_ping_nobody_in_any_role(either: DiscordStage, role: Role) -> None:
    place, surface = either.thread(), either.surface
    size = surface.limit // max(map(surface.length, ATTACKS)) - 1
    for start in range(0, len(ATTACKS), size):
        attack = Segment(role, " ".join(ATTACKS[start : start + size]))
        await surface.post(place, part(attack, n=start))
    assert either.club.discord.posting.pings == []


async def test_the_words_before_a_question_cannot_swallow_its_tag(either: DiscordStage) -> None:
    for number, text in enumerate(("`open", "```py\nopen", "**open", "||open", "~~~\nx", ">>> x")):
        place = either.thread()
        await either.surface.post(place, part(words(text), ASK, n=number))
        assert await either.pinged(place) == [SEATS[2].id], text


async def test_every_part_fits_into_a_message(either: DiscordStage) -> None:
    place, limit = either.thread(), either.surface.limit
    for n, mark in enumerate(("a ", "*", "a\n", "@everyone ", "[x](https://e.org) ", "¿é? ")):
        text = ""
        while either.surface.length(text + mark) <= limit:
            text += mark
        made = part(Segment(Role.QUESTION, text, Tag(seat=SEATS[2])), n=n)
        await either.surface.post(place, made)
    sent = either.club.discord.trace.calls(either.posting)
    assert max(len(call["content"]) for call in sent) <= CONTENT


async def test_a_role_that_is_made_meanwhile_is_used_once_it_is_heard_of(
    stage: DiscordStage,
) -> None:
    place, club = stage.thread(), stage.club
    asked = part(words(), Segment(Role.QUESTION, "¿Sí?", Tag(seat=SEATS[3])))
    await stage.surface.post(place, asked)
    role = club.discord.role(club.guild, SEATS[3].name.upper(), club.ana, is_mentionable=True)
    stage.parts.roles.forget(club.guild.id)
    await stage.surface.post(place, asked)
    assert f"<@&{role.id}>" in club.discord.trace.calls(WEBHOOK)[-1]["content"]
    assert [ping.by for ping in club.ana.pings] == ["role"]


async def test_while_roles_cannot_be_asked_for_personas_are_called_by_name(
    stage: DiscordStage,
) -> None:
    place, discord = stage.thread(), stage.club.discord
    discord.faults.plan("GET /guilds/{guild}/roles", fails())
    await stage.surface.post(place, part(words(), ASK))
    (text,) = await stage.seen(place)
    assert f"→ **{SEATS[2].name}**" in text
