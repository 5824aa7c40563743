"""Whether a debate stands in its thread as its log has it: each turn once, in order."""

from __future__ import annotations

from dataclasses import dataclass

from bots.slackbot.message import key_of
from engine.debate.events import DebateClosed, Record, TurnSpoken
from engine.ports.debates import Listed
from tests.fakes.slack.messages import Message
from tests.fakes.slack.screen import Seen
from tests.slackbot.rig import House


@dataclass(frozen=True, slots=True)
class Shown:
    """A debate's thread, and the log that it shows."""

    root: Message
    thread: list[Seen]
    log: list[Record]

    @property
    def turns(self) -> list[tuple[Record, Seen]]:
        """The turns of the log, each with the first of its posts."""
        posts = {n: seen for n, part, seen in self.posts if part == 0}
        turns = [record for record in self.log if isinstance(record.event, TurnSpoken)]
        return [(record, posts[record.n]) for record in turns]

    @property
    def posts(self) -> list[tuple[int, int, Seen]]:
        """What was posted of the log: the event's number, the part's, the post."""
        found = [(key_of(_whole(seen)), seen) for seen in self.thread]
        return [(key.n, key.part, seen) for key, seen in found if key is not None]

    @property
    def files(self) -> list[str]:
        """The names of the files in the thread."""
        return [name for seen in self.thread for name in seen.files]

    def check(self) -> None:
        """Each turn stands there once, in order, in its speaker's name; and the close; and files.

        Raises:
            AssertionError
        """
        places = [(n, part) for n, part, _ in self.posts]
        assert places == sorted(set(places)), f"doubled or out of order: {places}"
        spoken = {r.n for r in self.log if isinstance(r.event, TurnSpoken | DebateClosed)}
        assert spoken <= {n for n, _ in places}, "lost"
        for record, seen in self.turns:
            assert isinstance(record.event, TurnSpoken)
            assert seen.author == record.event.name
        files = ["transcript.md", "transcript.json", "transcript.html"]
        assert self.files == files

    def check_nothing_is_left(self) -> None:
        """Of ours, nothing stands there but posts and files.

        Raises:
            AssertionError
        """
        known = {seen.ts for _, _, seen in self.posts}
        loose = [seen.text for seen in self.thread if seen.ts not in known and not seen.files]
        assert loose == []
        assert not any(seen.is_streaming for seen in self.thread)


async def shown(home: House, listed: Listed) -> Shown:
    """How the debate stands now."""
    place = listed.started.home
    assert place is not None
    channel = home.slack.workspaces.channels[place.channel]
    root, *thread = home.ana.sees_thread(channel, place.thread)
    return Shown(root.message, thread, await home.debates.records(listed.debate))


def _whole(seen: Seen) -> dict[str, object]:
    return seen.message.as_json(with_metadata=True)
