"""A debate as a stream of server-sent events.

    post    a record of the log, `id` its number: {n, at_ms, name, event, note}
    view    what stands beside the thread, after the posts so far; see `bots.webroom.view`
    live    a piece of the turn that is being spoken; not in the log, so without an `id`

A browser that comes back says by `Last-Event-ID` what it has, and gets what came after it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bots.chat.i18n import Translate, translator
from bots.webroom.identity import language
from bots.webroom.notes import note
from bots.webroom.refusals import Refused
from bots.webroom.site import Site, site
from bots.webroom.sse import AGAIN, EventStream, event
from bots.webroom.view import Seen, see, see_all, view
from engine.debate.codec import NAMES, encode
from engine.debate.events import Record
from engine.ports.store import StoreAway


async def stream(request: Request) -> _Watching:
    """`GET /d/{debate}/events`: streams until the browser leaves."""
    debate, after = request.path_params["debate"], _after(request)
    here = site(request)
    records = await here.debates.records(debate)
    here.take_place()
    told = _told(here, debate, records, after, translator(language(request)))
    return _Watching(here, EventStream(told, here.closing))


class _Watching:
    """A stream that holds a place in the room while it lasts."""

    def __init__(self, here: Site, stream: EventStream) -> None:
        self._here = here
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._stream(scope, receive, send)
        except StoreAway:
            return  # the browser comes back, and is told then what it missed
        finally:
            self._here.give_place_back()


async def _told(
    here: Site, debate: str, records: Sequence[Record], after: int, translate: Translate
) -> AsyncIterator[bytes]:
    yield AGAIN
    seen: Seen | None = None
    for record in records:
        seen = see(seen, record)
        if record.n > after:
            yield _post(record, seen, translate)
    seen = seen or see_all(records)
    yield event("view", view(seen, translate))
    async for item in here.debates.follow(debate, seen.n):
        if isinstance(item, Record):
            seen = see(seen, item)
            yield _post(item, seen, translate)
            yield event("view", view(seen, translate))
        else:
            yield event("live", asdict(item))


def _post(record: Record, seen: Seen, translate: Translate) -> bytes:
    content = {
        "n": record.n,
        "at_ms": record.at_ms,
        "name": NAMES[type(record.event)],
        "event": encode(record.event),
        "note": note(record.event, seen.debate, translate),
    }
    return event("post", content, record.n)


def _after(request: Request) -> int:
    """What the browser has already. Its own word goes before the address, which it keeps."""
    text = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise Refused("That is no number of an event.")
    return int(text)
