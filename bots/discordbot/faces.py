"""Under which name and with which face somebody speaks through a webhook. Pure.

A face must be a picture at a public address. Unless `discord.avatars_url` says where the personas'
are, they have Discord's own faces, each in the colour nearest to the persona's, and their emoji
stands before the name. The messages of one name that follow one another are shown as one post,
which the parts of a turn are meant to be; no two personas of a panel have the same name.
"""

from __future__ import annotations

import re

from bots.chat.surface import Speaker
from engine.debate.explained import one_line
from engine.settings import DiscordSettings

NAME_CHARS = 80
_HAIR = "\u200a"
"""A space that is hardly seen: parts a word that Discord does not take in a name."""
_FORBIDDEN = re.compile(r"(?<=cl)(?=yde)|(?<=dis)(?=cord)", re.IGNORECASE)
_ALONE = re.compile(r"\s*(every)(one)\s*|\s*(he)(re)\s*", re.IGNORECASE)
_FACES = (0x5865F2, 0x757E8A, 0x3BA55C, 0xFAA61A, 0xED4245, 0xEB459F)
"""The colours of Discord's own, by their numbers."""
_PERSON = 1


def called(speaker: Speaker) -> str:
    """What people read: a persona's name, whoever speaks for it, or a person's."""
    seat, person = speaker.seat, speaker.person
    if seat is None:
        return one_line(person.name) if person else ""
    return f"{one_line(person.name)} ({seat.name})" if person else seat.name


def name_of(speaker: Speaker, discord: DiscordSettings) -> str:
    """The same as a name that a webhook may bear."""
    name = called(speaker)
    if speaker.seat and not discord.avatars_url:
        name = f"{speaker.seat.emoji} {name}"
    alone = _ALONE.fullmatch(name)
    if alone:
        name = _HAIR.join(filter(None, alone.groups()))
    return _FORBIDDEN.sub(_HAIR, name)[:NAME_CHARS].strip() or "…"


def face_of(speaker: Speaker, discord: DiscordSettings) -> str:
    """The address of a picture."""
    seat = speaker.seat
    if seat and discord.avatars_url:
        return f"{discord.avatars_url.rstrip('/')}/{seat.id}.png"
    number = _nearest(seat.colour) if seat else _PERSON
    return f"{discord.cdn_url.rstrip('/')}/embed/avatars/{number}.png"


def colour_of(colour: str) -> int:
    """`#5865f2` as a number; grey where it is none."""
    try:
        return int(colour.removeprefix("#"), 16)
    except ValueError:
        return _FACES[_PERSON]


def _nearest(colour: str) -> int:
    wanted = colour_of(colour)

    def distance(number: int) -> int:
        found = _FACES[number]
        return sum(((wanted >> n & 255) - (found >> n & 255)) ** 2 for n in (0, 8, 16))

    return min(range(len(_FACES)), key=distance)
