"""A debate to read and to keep: its transcript as a page and as files."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from bots.chat.i18n import Translate, translator
from bots.chat.transcript.as_html import as_html
from bots.chat.transcript.as_json import as_json
from bots.chat.transcript.as_markdown import as_markdown
from bots.chat.transcript.markup import Markup, element, join
from bots.chat.transcript.picture import picture
from bots.chat.transcript.reading import read as read_log
from bots.chat.transcript.style import style
from bots.chat.transcript.words import words
from bots.webroom.identity import language
from bots.webroom.pages.room import FILES
from bots.webroom.refusals import NotHere
from bots.webroom.site import site
from engine.debate.events import Record

_Form = Callable[[str, Sequence[Record]], str]


async def read(request: Request) -> Response:
    """`GET /d/{debate}/transcript`: the page; `#turn-3` leads to a turn."""
    debate = request.path_params["debate"]
    records = await site(request).records(debate)
    # The page brings one style along, and the room's policy would not have it.
    sheet = style(read_log(debate, records).seats).encode()
    digest = b64encode(sha256(sheet).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    above = _above(debate, translator(language(request)))
    return Response(
        await asyncio.to_thread(as_html, debate, records, above),
        headers={"content-security-policy": policy, "cache-control": "no-store"},
        media_type="text/html",
    )


def _above(debate: str, translate: Translate) -> Markup:
    links = (
        element("a", name, href=f"/d/{debate}/transcript.{form}", download="download")
        for form, name in FILES.items()
    )
    return join(element("a", translate("← To the room"), href=f"/d/{debate}"), *links)


async def download(request: Request) -> Response:
    """`GET /d/{debate}/transcript.{form}`: the same as a file."""
    debate, form = request.path_params["debate"], request.path_params["form"]
    if form not in _FORMS:
        raise NotHere
    write, kind = _FORMS[form]
    records = await site(request).records(debate)
    return Response(
        await asyncio.to_thread(write, debate, records),
        headers={
            # An attachment, so that nothing of it runs at the room's address.
            "content-disposition": f'attachment; filename="debate-{debate}.{form}"',
            "cache-control": "no-store",
        },
        media_type=kind,
    )


def as_svg(debate: str, records: Sequence[Record]) -> str:
    """The picture of who asked whom, as a file of its own.

    Raises:
        ValueError: the log does not begin with its start.
    """
    transcript = read_log(debate, records)
    drawn = picture(transcript, words(transcript.language))
    start, tag_end, rest = drawn.partition(">")
    return f"{start}{tag_end}{element('style', Markup(style(transcript.seats)))}{rest}\n"


_FORMS: dict[str, tuple[_Form, str]] = {
    "md": (as_markdown, "text/markdown"),
    "json": (as_json, "application/json"),
    "html": (as_html, "text/html"),
    "svg": (as_svg, "image/svg+xml"),
}
