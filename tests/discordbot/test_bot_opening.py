"""Where debates begin in Discord, their cards, their transcripts, and what wakes their threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bots.chat.cards import Cards
from bots.chat.desk import Asker, File
from bots.chat.starting import Starting
from bots.chat.surface import Refused, Unknown
from bots.discordbot.board import DiscordBoard
from bots.discordbot.card import card
from bots.discordbot.ids import channel_of, direct_place, is_direct, person_of, place_of
from bots.discordbot.marks import card_in
from bots.discordbot.opening import Opening, heard_from_now_on
from bots.discordbot.shelf import DiscordShelf
from bots.discordbot.waking import Waking
from bots.discordbot.webhooks import Webhooks
from engine.debate.commands import Actor, StartDebate
from engine.debate.events import Place, Problem
from engine.debate.evolve import evolve
from engine.panels.loader import load_panel
from engine.ports.readers import Hold
from tests.chat.logs import STARTED
from tests.discordbot.club import Club
from tests.discordbot.stage import MESSAGES, DiscordStage
from tests.fakes.discord.faults import Fault, breaks_off, fails, loses_answer, rate_limits, refuses
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.permissions import Permission

THREADS = "POST /channels/{channel}/messages/{message}/threads"
EDITS = "PATCH /channels/{channel}/messages/{message}"
TOPIC = "Should we open the model? " * 9


class Start:
    """Starts debates as a slash command does."""

    def __init__(self, stage: DiscordStage) -> None:
        parts = stage.parts
        self.stage = stage
        self.cards = Cards(DiscordBoard(parts), parts.debates, parts.clock, 0.0, 0.0)
        roots = Opening(parts, 0.0)
        self._starting = Starting(roots, parts.debates, self.cards, parts.new_id, parts.clock)

    async def __call__(self, channel: Channel, payload: str = "1") -> str:
        """The id, or why not."""
        club = self.stage.club
        beside = place_of(channel.guild_id, channel.id)
        asker = Asker(person_of(club.ana.user.id, "ana"), beside, "en")
        command = StartDebate(TOPIC, load_panel("ai-en"), by=Actor(asker.person, beside))
        begun = await self._starting.begin(command, asker, [payload])
        answer = await self._starting.start(begun)
        return answer.debate or answer.text


@pytest.fixture
def start(stage: DiscordStage) -> Start:
    return Start(stage)


def thread_of(club: Club, channel: Channel | None = None) -> Channel:
    """The only thread."""
    (found,) = [c for c in club.discord.world.channels.values() if c.is_thread]
    assert channel is None or found.parent is channel
    return found


async def test_a_thread_hangs_from_the_card_and_bears_the_topic(
    stage: DiscordStage, start: Start
) -> None:
    club = stage.club
    debate = await start(club.general)
    (shown,) = club.ana.sees(club.general)
    thread = thread_of(club, club.general)
    assert thread.id == shown.message.id
    assert thread.name == f"{TOPIC[:99]}…"
    assert shown.buttons == ["Pause", "Skip", "Summary", "Stop", "Take a seat"]
    place = place_of(club.guild.id, club.general.id, thread.id)
    assert await stage.parts.debates.places.debate_at(place) == debate
    assert card_in(shown.message.as_json()) == debate


@pytest.mark.parametrize("route", [MESSAGES, THREADS])
@pytest.mark.parametrize(
    "fault",
    [loses_answer, breaks_off, fails, lambda: rate_limits(0.01)],
    ids=["loses_answer", "breaks_off", "fails", "rate_limits"],
)
async def test_there_is_one_card_and_one_thread_whatever_goes_wrong(
    stage: DiscordStage, start: Start, route: str, fault: Callable[[], Fault]
) -> None:
    stage.club.discord.faults.plan(route, fault(), fault())
    await start(stage.club.general)
    assert len(stage.club.ana.sees(stage.club.general)) == 1
    thread_of(stage.club, stage.club.general)
    assert stage.club.discord.faults.pending <= 1


async def test_the_same_payload_again_leaves_nothing_behind(
    stage: DiscordStage, start: Start
) -> None:
    await start(stage.club.general)
    assert await start(stage.club.general) == ""
    assert len(stage.club.ana.sees(stage.club.general)) == 1
    thread_of(stage.club)


async def test_without_the_right_to_threads_there_is_no_card_and_a_reason(
    stage: DiscordStage, start: Start
) -> None:
    club = stage.club
    club.discord.overwrite(club.general, club.app.user, deny=Permission.CREATE_PUBLIC_THREADS)
    assert "may not open threads" in await start(club.general)
    assert club.ana.sees(club.general) == []


async def test_whoever_goes_on_for_a_dead_process_finds_its_card(stage: DiscordStage) -> None:
    club, state = stage.club, evolve(None, STARTED)
    opening, beside = Opening(stage.parts, 0.0), place_of(club.guild.id, club.general.id)
    first = await opening.grow("t1-abc", beside, state, again=False)
    club.discord.posting._nonces.clear()
    assert await opening.grow("t1-abc", beside, state, again=True) == first
    other = await opening.grow("t1-xyz", beside, state, again=True)
    assert other != first
    assert len(club.ana.sees(club.general)) == 2


async def test_a_debate_below_a_message_asked_for_twice_has_one_thread(stage: DiscordStage) -> None:
    club, opening = stage.club, Opening(stage.parts, 0.0)
    asked = club.ana.says(club.general, "@Panel debate cats")
    beside = place_of(club.guild.id, club.general.id)
    club.discord.faults.plan(THREADS, loses_answer())
    with pytest.raises(Unknown):
        await opening.below(beside, asked.id, "cats")
    place = await opening.below(beside, asked.id, "cats")
    assert place == place_of(club.guild.id, club.general.id, asked.id)
    assert thread_of(club, club.general).id == place.thread


async def test_a_message_that_is_gone_says_so(stage: DiscordStage) -> None:
    club, opening = stage.club, Opening(stage.parts, 0.0)
    asked = club.ana.says(club.general, "@Panel debate cats")
    club.ana.deletes(asked)
    with pytest.raises(Refused, match="message is gone"):
        await opening.below(place_of(club.guild.id, club.general.id), asked.id, "cats")


async def test_a_direct_message_hears_for_the_debate_that_began_last(stage: DiscordStage) -> None:
    club, places = stage.club, stage.parts.debates.places
    direct = club.ana.direct(club.app)
    opening = Opening(stage.parts, 0.0)
    for debate in ("t1-first", "t1-second", "t1-second"):
        asked = club.ana.says(direct, "debate cats")
        place = await opening.below(direct_place(direct.id), asked.id, "cats")
        assert is_direct(place)
        assert channel_of(place) == direct.id
        await heard_from_now_on(stage.parts, place, debate)
        assert await places.debate_at(direct_place(direct.id)) == debate


async def test_a_card_in_a_thread_is_found_and_there_is_one(stage: DiscordStage) -> None:
    place, state = stage.thread(), evolve(None, STARTED)
    board = DiscordBoard(stage.parts)
    assert await board.find("t1-abc", place) is None
    message = await board.post(place, card("t1-abc", state))
    assert await board.post(place, card("t1-abc", state)) == message, "within minutes"
    assert await board.find("t1-abc", place) == message
    assert await board.find("t1-other", place) is None


async def test_a_card_is_kept_current_wherever_it_stands(stage: DiscordStage, start: Start) -> None:
    club = stage.club
    debate = await start(club.general)
    thread = thread_of(club)
    place = place_of(club.guild.id, club.general.id, thread.id)
    # As another process would, that does not know the message.
    cards = Cards(DiscordBoard(stage.parts), stage.parts.debates, stage.parts.clock, 0.0, 0.0)
    running = asyncio.create_task(cards.run())
    paused = await stage.parts.debates.load(debate)
    cards.stands(debate, place, paused)
    await club.discord.until(lambda: club.discord.trace.calls(EDITS))
    running.cancel()
    assert [call["channel"] for call in club.discord.trace.calls(EDITS)] == [club.general.id]
    assert len(club.ana.sees(club.general)) == 1


async def test_an_old_card_waits_and_other_cards_do_not(stage: DiscordStage) -> None:
    place, state = stage.thread(), evolve(None, STARTED)
    board, club = DiscordBoard(stage.parts), stage.club
    first = await board.post(place, card("t1-abc", state))
    second = await board.post(place, card("t1-xyz", state))
    club.discord.faults.plan(EDITS, refuses(30046))
    with pytest.raises(Exception, match="retry after"):
        await board.edit(place, first, card("t1-abc", state))
    await board.edit(place, second, card("t1-xyz", state))


async def test_transcripts_stand_in_the_thread_once(stage: DiscordStage) -> None:
    place, shelf = stage.thread(), DiscordShelf(stage.parts)
    files = [File("transcript.md", b"# Cats"), File("transcript.html", b"<p>Cats</p>")]
    stage.club.discord.faults.plan(MESSAGES, loses_answer())
    with pytest.raises(Unknown):
        await shelf.put(place, files, "The transcript.")
    await shelf.put(place, files, "The transcript.")
    (seen,) = stage.club.ana.sees(stage.channel(place))
    assert seen.files == ("transcript.md", "transcript.html")
    assert await shelf.files_after(place, place.thread) == list(seen.files)
    assert await shelf.files_after(place, seen.message.id) == []


class TestWaking:
    @pytest.fixture
    async def rested(self, stage: DiscordStage, start: Start) -> Place:
        """A thread that rests."""
        await stage.parts.readers.open()
        debate = await start(stage.club.general)
        place = place_of(stage.club.guild.id, stage.club.general.id, thread_of(stage.club).id)
        hold = await self.held(stage)
        assert await stage.parts.readers.rest(hold, Problem("It is locked.")) is None
        assert (await stage.parts.readers.standing(debate, place)).resting
        return place

    async def held(self, stage: DiscordStage) -> Hold:
        (mail,) = await stage.parts.readers.take(9, 1_000)
        hold = await stage.parts.readers.acquire(mail)
        assert isinstance(hold, Hold)
        return hold

    async def is_awake(self, stage: DiscordStage) -> bool:
        return bool(await stage.parts.readers.take(9, 1))

    async def test_what_mends_a_thread_wakes_it(self, stage: DiscordStage, rested: Place) -> None:
        guild, channel, thread = stage.club.guild.id, rested.channel, rested.thread
        waking = Waking(stage.parts, Webhooks(stage.parts.rest, stage.parts.us))
        for mended in (
            waking.thread(guild, channel, thread),
            waking.channel(channel),
            waking.server(guild),
            waking.everywhere(),
        ):
            await mended
            hold = await self.held(stage)
            assert hold.place == rested
            assert await stage.parts.readers.rest(hold, Problem("Still locked.")) is None

    async def test_what_is_of_others_wakes_nothing(
        self, stage: DiscordStage, rested: Place
    ) -> None:
        guild, board = stage.club.guild.id, stage.club.board.id
        waking = Waking(stage.parts, Webhooks(stage.parts.rest, stage.parts.us))
        await waking.thread(guild, rested.channel, "1")
        await waking.channel(board)
        await waking.server("1")
        assert not await self.is_awake(stage)
