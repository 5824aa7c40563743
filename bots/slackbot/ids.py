"""Slack's ids as the engine's places and people, and back."""

from __future__ import annotations

from engine.debate.events import Person, Place

PLATFORM = "slack"


def workspace_of(team: str) -> str:
    """`slack:T1`: what places and people of a workspace begin with."""
    return f"{PLATFORM}:{team}"


def team_of(workspace: str) -> str:
    """What `workspace_of` was given."""
    return workspace.removeprefix(f"{PLATFORM}:")


def place_of(team: str, channel: str, thread: str) -> Place:
    """A thread, by the ts of its root; empty: the channel itself."""
    return Place(workspace_of(team), channel, thread)


def person_of(team: str, user: str, name: str) -> Person:
    """A user of the workspace."""
    return Person(f"{workspace_of(team)}:{user}", name)


def user_of(team: str, person: Person) -> str | None:
    """The user's id; `None`: they are of another workspace or platform."""
    workspace, _, user = person.id.rpartition(":")
    return user if workspace == workspace_of(team) and user else None
