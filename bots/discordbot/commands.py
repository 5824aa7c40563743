"""The slash commands, `/debate …`, and «Debate this» on a message: what is asked for by each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice, ContextMenu, choices, command, describe, rename
from discord.app_commands import locale_str as said

from bots.chat.fold import fold
from bots.chat.grammar import (
    CodeMirror,
    Control,
    EndMirror,
    Export,
    Help,
    LeaveSeat,
    MakeMirror,
    Options,
    SetPace,
    Settings,
    Start,
    TakeSeat,
    Verb,
    VoteOn,
)
from bots.discordbot.command_words import (
    Words,
    does,
    name_of,
    named,
    option_named,
    values_of,
    verbs,
)
from bots.discordbot.wishes import Wishes
from engine.debate.events import Pace, Steering, Vote
from engine.debate.explained import marked as _
from engine.debate.explained import one_line
from engine.debate.panel import Handoff, Language
from engine.debate.rules.start import MOST_ROUNDS

MOST_CHOICES = 25
_CHOICE_CHARS = 100
_PLAIN = (Verb.PAUSE, Verb.RESUME, Verb.NEXT, Verb.SKIP, Verb.SUMMARY, Verb.ANOTHER, Verb.STOP)
_LANGUAGES: dict[str, Language] = {"en": "en", "es": "es"}
_VOTES: dict[str, Vote] = {"up": 1, "down": -1, "none": 0}
_FORMS = [Choice(name=form, value=form) for form in ("md", "json", "html")]
_HOW = {
    "panel": _("Who debates"),
    "rounds": _("How often everybody speaks"),
    "rule": _("Who speaks next"),
    "language": _("What they speak"),
    "pace": _("How fast one turn follows another"),
    "steering": _("Who may pause, skip and stop"),
}

Heard = discord.Interaction[Any]
Rounds = app_commands.Range[int, 1, MOST_ROUNDS]
F = TypeVar("F", bound=Callable[..., Any])


async def commands_of(
    client: discord.Client, wishes: Wishes | None = None
) -> app_commands.CommandTree[Any]:
    """The commands in both languages; without `wishes` only to be published."""
    tree = app_commands.CommandTree(client)
    await tree.set_translator(Words())
    tree.add_command(_Debate(wishes))

    async def this(interaction: Heard, message: discord.Message) -> None:
        assert wishes is not None  # noqa: S101 - it is answered
        await wishes.debate_this(interaction, message)

    tree.add_command(ContextMenu(name=said(_("Debate this")), callback=this))
    return tree


def _with_options(callback: F) -> F:
    """The options of a debate, named and described, with what there is to choose."""
    callback = rename(**{key: option_named(key) for key in _HOW})(callback)
    callback = describe(**{key: said(text) for key, text in _HOW.items()})(callback)
    listed = ("rule", "language", "pace", "steering")
    return choices(**{key: values_of(key) for key in listed})(callback)


class _Debate(app_commands.Group):
    """`/debate`."""

    def __init__(self, wishes: Wishes | None) -> None:
        text = said(_("A panel of personas debates a question."))
        super().__init__(name=named("debate", "debate"), description=text)
        self._given = wishes
        for verb in _PLAIN:
            self.add_command(self._plain(verb))

    @property
    def _wishes(self) -> Wishes:
        assert self._given is not None  # noqa: S101 - it is answered
        return self._given

    def _plain(self, verb: Verb) -> app_commands.Command[Any, ..., None]:
        async def run(interaction: Heard) -> None:
            await self._wishes.ask(interaction, Control(verb))

        return app_commands.Command(name=name_of(verb), description=does(verb), callback=run)

    @command(name=name_of(Verb.START), description=said(_("Start a debate.")))
    @_with_options
    @rename(
        topic=named("topic", "tema"),
        seats=named("seats", "asientos"),
        file=named("file", "archivo"),
    )
    @describe(
        topic=said(_("What is to be debated; without it, a form asks")),
        seats=said(_("Only these personas of the panel, with commas between them")),
        file=said(_("What is to be read first: .txt, .md or .pdf")),
    )
    async def start(  # noqa: PLR0913 - one for each option
        self,
        interaction: Heard,
        topic: str = "",
        panel: str | None = None,
        seats: str = "",
        rounds: Rounds | None = None,
        rule: str | None = None,
        language: str | None = None,
        pace: str | None = None,
        steering: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """A debate, here or below a message in this channel."""
        options = _options(panel, rounds, rule, language, pace, steering)
        wanted = Start(topic.strip(), options, _listed(seats))
        await self._wishes.start(interaction, wanted, file)

    @command(name=name_of(Verb.STATUS), description=does(Verb.STATUS))
    async def status(self, interaction: Heard) -> None:
        """For everybody to see."""
        await self._wishes.ask(interaction, Control(Verb.STATUS))

    @command(name=name_of(Verb.PACE), description=does(Verb.PACE))
    @rename(pace=option_named("pace"))
    @describe(pace=said(_HOW["pace"]))
    @choices(pace=values_of("pace"))
    async def pace(self, interaction: Heard, pace: str) -> None:
        """From the next turn on."""
        await self._wishes.ask(interaction, SetPace(Pace(pace)))

    @command(name=name_of(Verb.SEAT), description=said(_("Speak for a persona.")))
    @describe(persona=said(_("Whose seat you take, from its next turn on")))
    async def seat(self, interaction: Heard, persona: str) -> None:
        """From its next turn on."""
        await self._wishes.ask(interaction, TakeSeat(persona))

    @command(name=named("leave", "dejar"), description=said(_("Give your seat back.")))
    async def leave(self, interaction: Heard) -> None:
        """Its persona speaks again."""
        await self._wishes.ask(interaction, LeaveSeat())

    @command(name=name_of(Verb.VOTE), description=does(Verb.VOTE))
    @rename(turn=named("turn", "turno"), vote=named("vote", "voto"))
    @describe(turn=said(_("The turn's number")), vote=said(_("Whether you like it")))
    @choices(
        vote=[
            Choice(name=said("👍", es="👍"), value="up"),
            Choice(name=said("👎", es="👎"), value="down"),
            Choice(name=said("none", es="nada"), value="none"),
        ]
    )
    async def vote(
        self, interaction: Heard, turn: app_commands.Range[int, 1, 10_000], vote: str
    ) -> None:
        """A turn, by its number."""
        await self._wishes.ask(interaction, VoteOn(turn, _VOTES[vote]))

    @command(name=name_of(Verb.MIRROR), description=said(_("Show a debate in a second thread.")))
    @rename(code=named("code", "código"))
    @describe(code=said(_("The code of the other thread; without it, one is made here")))
    async def mirror(self, interaction: Heard, code: str = "") -> None:
        """Makes a code, or enters one."""
        await self._wishes.ask(interaction, CodeMirror(code) if code.strip() else MakeMirror())

    @command(name=named("unmirror", "sin-espejo"), description=said(_("End the mirror.")))
    async def unmirror(self, interaction: Heard) -> None:
        """In this thread, or where the debate started in all."""
        await self._wishes.ask(interaction, EndMirror())

    @command(name=name_of(Verb.EXPORT), description=does(Verb.EXPORT))
    @rename(form=named("format", "formato"))
    @describe(form=said(_("All, if none is chosen")))
    @choices(form=_FORMS)
    async def export(self, interaction: Heard, form: str | None = None) -> None:
        """Files, for everybody to see."""
        await self._wishes.ask(interaction, Export(form))

    @command(name=name_of(Verb.PANELS), description=does(Verb.PANELS))
    async def panels(self, interaction: Heard) -> None:
        """Those there are."""
        await self._wishes.ask(interaction, Control(Verb.PANELS))

    @command(name=name_of(Verb.SETTINGS), description=does(Verb.SETTINGS))
    @_with_options
    @rename(reset=named("reset", "borrar"))
    @describe(reset=said(_("Forget what was set before")))
    async def settings(  # noqa: PLR0913 - one for each option
        self,
        interaction: Heard,
        panel: str | None = None,
        rounds: Rounds | None = None,
        rule: str | None = None,
        language: str | None = None,
        pace: str | None = None,
        steering: str | None = None,
        reset: bool = False,
    ) -> None:
        """Of this channel: shown, or changed."""
        options = _options(panel, rounds, rule, language, pace, steering)
        await self._wishes.ask(interaction, Settings(options, reset))

    @command(name=name_of(Verb.HELP), description=does(Verb.HELP))
    @rename(about=named("command", "comando"))
    @describe(about=said(_("The command that you want to know more of")))
    @choices(about=verbs())
    async def help(self, interaction: Heard, about: str | None = None) -> None:
        """All commands, or one."""
        await self._wishes.ask(interaction, Help(Verb(about) if about else None))

    @start.autocomplete("panel")
    @settings.autocomplete("panel")
    async def _panels(
        self,
        interaction: Heard,  # noqa: ARG002 - discord.py's
        typed: str,
    ) -> list[Choice[str]]:
        panels = self._wishes.panels.values()
        return _matching(typed, [(panel.id, f"{panel.id} — {panel.title}") for panel in panels])

    @start.autocomplete("seats")
    async def _seats(self, interaction: Heard, typed: str) -> list[Choice[str]]:
        """Those of the panel that is chosen, after those that are typed already."""
        panel = self._wishes.panel(interaction, Options(interaction.namespace.panel or None))
        before, _comma, last = typed.rpartition(",")
        taken = _listed(before)
        free = [p for p in panel.debaters if p.id not in taken] if panel else []
        offered = [(", ".join((*taken, p.id)), f"{p.id} {p.name}") for p in free]
        return [
            Choice(name=choice.value, value=choice.value)
            for choice in _matching(last, offered)
            if choice.value in dict(offered)
        ]

    @seat.autocomplete("persona")
    async def _personas(self, interaction: Heard, typed: str) -> list[Choice[str]]:
        seats = await self._wishes.seats(interaction)
        return _matching(typed, [(seat.id, f"{seat.emoji} {seat.name}") for seat in seats])


def _options(
    panel: str | None,
    rounds: int | None,
    rule: str | None,
    language: str | None,
    pace: str | None,
    steering: str | None,
) -> Options:
    return Options(
        panel,
        rounds,
        Handoff(rule) if rule else None,
        _LANGUAGES.get(language or ""),
        Pace(pace) if pace else None,
        Steering(steering) if steering else None,
    )


def _listed(typed: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(filter(None, (name.strip() for name in typed.split(","))))


def _matching(typed: str, offered: list[tuple[str, str]]) -> list[Choice[str]]:
    """What contains what was typed, accents and capitals aside."""
    wanted = fold(typed).strip()
    found = [(value, name) for value, name in offered if wanted in fold(name)]
    return [
        Choice(name=one_line(name)[:_CHOICE_CHARS], value=value[:_CHOICE_CHARS])
        for value, name in found[:MOST_CHOICES]
    ]
