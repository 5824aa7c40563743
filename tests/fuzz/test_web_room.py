"""What browsers send: headers, cookies, and the bodies of requests."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import orjson
from hypothesis import strategies as st
from starlette.requests import Request

from bots.chat.desk import Asker
from bots.slackbot.install_page import language_of
from bots.webroom.actions import action, key, message_id, opening, payloads
from bots.webroom.files import uploads
from bots.webroom.guard import Entry, Guard
from bots.webroom.identity import introduce, visitor
from bots.webroom.refusals import Refused
from engine.debate.events import Person, Place
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import blobs, documents, texts

ANA = Asker(Person("web:ana", "Ana"), Place("web", "room", "web-1"), "en")
SECRET = "a" * 32
START = {
    "topic": "Tabs?",
    "panel": "ai-en",
    "rounds": 2,
    "handoff": "ring",
    "pace": "live",
    "key": "k1",
    "files": [{"name": "a.md", "content": "IyBI"}],
}
DO = (
    {"do": "pace", "pace": "live", "key": "k"},
    {"do": "vote", "turn": 3, "vote": 1},
    {"do": "speak", "turn": 2, "answer": "Yes.", "question": "Why?", "next": "ada", "key": "k"},
    {"do": "correct", "message": "web:ana:k", "text": "No."},
    {"do": "stop"},
)
LANGUAGES = "es-ES,es;q=0.9,en;q=0.5", "*;q=0.1", "fr;q=1e999,es;q=nan", "en-US"
HEADERS = {
    "host": ("127.0.0.1:8080", "localhost", "[::1]:80", "evil.example"),
    "origin": ("http://127.0.0.1:8080", "null", "http://[::1", "//127.0.0.1:8080"),
    "cookie": (
        f"tertulia_person={SECRET}; tertulia_name=Ana%20B; tertulia_language=es",
        'tertulia_token="s\\"x"; tertulia_name=%FF%00',
    ),
    "accept-language": LANGUAGES,
    "accept": ("text/html", "*/*"),
    "content-length": ("12", "0"),
}


def _request(headers: dict[str, str], method: str = "GET", query: str = "") -> Request:
    """As a server makes it: headers are Latin-1."""
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    return Request(
        {
            "type": "http",
            "method": method,
            "path": "/",
            "root_path": "",
            "scheme": "http",
            "query_string": query.encode("latin-1", "replace"),
            "headers": raw,
            "server": ("127.0.0.1", 8080),
        }
    )


SENT = st.fixed_dictionaries({}, optional={name: texts(*found) for name, found in HEADERS.items()})


@fuzzed(texts(*LANGUAGES))
def test_a_language_is_always_found(header: str) -> None:
    assert language_of(header) in ("en", "es")
    assert visitor(_request({"accept-language": header})).language in ("en", "es")


@fuzzed(st.tuples(SENT, texts("Ana", " "), st.sampled_from(("GET", "POST")), texts("token=s&a=b")))
def test_a_browser_is_somebody_or_nobody(given: tuple[dict[str, str], str, str, str]) -> None:
    headers, name, method, query = given
    request = _request(headers, method, query)
    who = visitor(request).person
    assert who is None or (who.name and len(who.name) <= 40 and SECRET not in who.id)
    with suppress(Refused):
        found = introduce(request, name)
        assert len(found.secret) == 32
        assert found.secret not in found.person.id


@fuzzed(st.tuples(SENT, st.sampled_from(("GET", "POST", "HEAD")), texts("token=s3cret", "token=")))
def test_nobody_comes_in_without_the_token(given: tuple[dict[str, str], str, str]) -> None:
    headers, method, query = given
    guard = Guard(lambda *_: None, Entry("s3cret"))  # type: ignore[arg-type] # never asked
    request = _request(headers, method, query)
    assert guard._reply(request) is not None or "s3cret" in headers.get("cookie", "")


@fuzzed(st.one_of(documents(START, *DO), blobs(orjson.dumps(START))))
def test_what_a_form_says_is_understood_or_refused(given: Any) -> None:
    fields = given
    if isinstance(given, bytes):
        try:
            fields = orjson.loads(given)
        except orjson.JSONDecodeError:
            return
        if not isinstance(fields, dict):
            return
    for read in (opening, key, uploads):
        with suppress(Refused):
            read(fields)
    for build in (action, message_id, payloads):
        with suppress(Refused):
            build(fields, ANA)
