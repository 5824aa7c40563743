"""Files that people hand in while a debate goes on, and what a debate's files say."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bots.chat.desk import Upload
from bots.chat.material import MOST_BYTES
from bots.webroom.actions import message_id, payloads
from bots.webroom.answers import answer, told
from bots.webroom.bodies import body
from bots.webroom.refusals import NotHere
from bots.webroom.site import asker, site
from engine.debate.events import MaterialAdded

_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",  # it may be taken back
}


async def attach(request: Request) -> Response:
    """`POST /d/{debate}/files?name=…&key=…`, the file's bytes as the body; answers as `say`."""
    here, given = site(request), request.query_params
    who = asker(request, request.path_params["debate"])
    message, named = message_id(given, who), payloads(given, who)
    async with here.large:
        upload = Upload(given.get("name", ""), await body(request, MOST_BYTES))
        said = await here.desk.attach(upload, who, message, named)
    return answer(told(said))


async def read(request: Request) -> Response:
    """`GET /d/{debate}/files/{n}`: what was read of the file in the log's record `n`, as text."""
    debate, n = request.path_params["debate"], request.path_params["n"]
    for record in await site(request).records(debate):
        event = record.event
        if str(record.n) == n and isinstance(event, MaterialAdded) and event.text:
            return Response(
                event.text,
                headers=_HEADERS,
                media_type="text/plain",
            )
    raise NotHere
