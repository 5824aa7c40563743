"""Discord's ids as the engine's places and people, and back.

A place's `channel` is what permissions, settings and webhooks belong to, its `thread` what a
debate hangs from:

| where | workspace | channel | thread |
|---|---|---|---|
| a thread of a channel | `discord:<server>` | the channel | the thread |
| a post in a forum | `discord:<server>` | the forum | the post, which is a thread |
| a direct message | `discord:@me` | the direct message | the message that the debate hangs from |
| beside all threads | either | the channel | empty |

A direct message has no threads: its debates stand one after another in the one channel. What is
said there goes to the debate that began last: its id is bound to the place with an empty thread
(`PlaceBook.debate_at(direct_place(channel))`), its own place is its `started.home`.

Ids are snowflakes in decimal, so of two messages the later has the greater number.
"""

from __future__ import annotations

from engine.debate.events import Person, Place

PLATFORM = "discord"
EPOCH_MS = 1_420_070_400_000
"""Discord's ids count from here: Unix time."""
DIRECT = "@me"
"""Stands for the server where there is none; Discord's own links say it too."""


def workspace_of(guild: str | None) -> str:
    """`discord:123`, or `discord:@me` for direct messages."""
    return f"{PLATFORM}:{guild or DIRECT}"


def place_of(guild: str | None, channel: str, thread: str = "") -> Place:
    """See the table above. `channel`: of a thread, the one that it is in."""
    return Place(workspace_of(guild), channel, thread)


def direct_place(channel: str) -> Place:
    """A direct message beside its debates: what the last of them is bound to."""
    return place_of(None, channel)


def is_direct(place: Place) -> bool:
    """Whether it is in a direct message."""
    return place.workspace == workspace_of(None)


def guild_of(place: Place) -> str | None:
    """The server's id; `None`: it is in a direct message, or on another platform."""
    platform, _, guild = place.workspace.partition(":")
    return guild if platform == PLATFORM and guild != DIRECT else None


def channel_of(place: Place) -> str:
    """The id under which Discord takes the place's messages: the thread's, where it is one."""
    return place.channel if is_direct(place) or not place.thread else place.thread


def person_of(user: str, name: str) -> Person:
    """A user; they are the same person in every server and in direct messages."""
    return Person(f"{PLATFORM}:{user}", name)


def user_of(person: Person) -> str | None:
    """The user's id; `None`: they are of another platform."""
    platform, _, user = person.id.partition(":")
    return user if platform == PLATFORM and user.isdecimal() else None


def first_id_at(at_ms: int) -> str:
    """No message that was posted at this Unix time or later has a lower id."""
    return str(max(0, at_ms - EPOCH_MS) << 22)


def link_to(place: Place, message: str) -> str:
    """Where a message of the place can be looked up."""
    return f"https://discord.com/channels/{guild_of(place) or DIRECT}/{channel_of(place)}/{message}"
