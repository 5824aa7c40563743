"""The door: who comes in, and what no answer goes without."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest

from bots.webroom import bodies
from tests.webroom.rig import House, Room, Visitor

TOKEN = "a-token-that-nobody-guesses"
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(headers: Mapping[str, str]) -> dict[str, str]:
    """A Content-Security-Policy by its directives."""
    whole = headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in whole.split(";"))


@pytest.mark.parametrize(
    "path", ["/", "/static/room.js", "/static/base.css", "/me", "/debates", "/nowhere", "/d/no"]
)
async def test_every_answer_keeps_other_code_out(room: Room, path: str) -> None:
    async with Visitor.of(room.url) as guest, guest.http.get(room.url + path) as response:
        assert policy(response.headers) == STRICT
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_debates_page_and_its_stream_do_too(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        for path in (f"/d/{debate}", f"/d/{debate}/events"):
            async with ana.http.get(room.url + path) as response:
                assert policy(response.headers) == STRICT


async def test_the_transcripts_page_lets_its_one_style_in_and_nothing_else(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        async with ana.http.get(f"{room.url}/d/{debate}/transcript") as response:
            allowed = policy(response.headers)
    assert allowed["default-src"] == "'none'"
    assert allowed["style-src"].startswith("'sha256-")
    assert "script-src" not in allowed


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8640", "127.0.0.1.evil.example", "", "localhost.x"]
)
async def test_a_name_that_was_made_to_point_here_is_refused(room: Room, host: str) -> None:
    async with Visitor.of(room.url) as guest:
        status, body = await guest.get("/debates", Host=host)
    assert (status, f"open it by {room.url}" in body) == (403, True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_the_machines_own_names_are_let_in(room: Room, host: str) -> None:
    async with Visitor.of(room.url) as guest:
        status, _ = await guest.get("/debates", Host=f"{host}:{room.port}")
    assert status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "", "file://", "{url}.evil.example", "http://["]
)
async def test_another_sites_page_cannot_do_anything_here(room: Room, origin: str) -> None:
    headers = {"Origin": origin.format(url=room.url)} if origin else {}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{room.url}/me", json={"name": "Mallory"}) as response,
    ):
        assert response.status == 403
        assert "Set-Cookie" not in response.headers


async def test_with_a_token_nobody_comes_in_without_it(house: House) -> None:
    async with house.room(TOKEN, speaks=False) as room, Visitor.of(room.url) as guest:
        for path in ("/", "/static/room.js", "/debates", "/d/x/events", "/?token=wrong"):
            status, body = await guest.get(path)
            assert (status, TOKEN in body) == (401, False)
        status, _ = await guest.post("/me", name="Mallory")
        assert status == 401


async def test_the_token_moves_from_the_address_to_a_cookie(house: House) -> None:
    async with house.room(TOKEN, speaks=False) as room, Visitor.of(room.url) as guest:
        there = f"{room.url}/debates?token={TOKEN}&x=1"
        async with guest.http.get(there, allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == "/debates?x=1"
            cookie = response.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=lax" in cookie
        assert (await guest.get("/debates"))[0] == 200


async def test_a_token_opens_no_way_to_another_site(house: House) -> None:
    async with house.room(TOKEN, speaks=False) as room:
        reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
        target = f"//evil.example/?token={TOKEN}"
        writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        writer.close()
    assert "location: /evil.example/" in head


async def test_a_room_with_a_token_answers_to_any_name(house: House) -> None:
    """The cookie belongs to the name it was given under, so a foreign name has none."""
    async with house.room(TOKEN, speaks=False) as room, Visitor.of(room.url) as guest:
        assert (await guest.get("/debates", Host="team.example"))[0] == 401
        cookie = f"tertulia_token={TOKEN}"
        assert (await guest.get("/debates", Host="team.example", Cookie=cookie))[0] == 200


async def test_more_than_a_person_may_send_is_not_taken(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        status, told = await ana.post(f"/d/{debate}/say", text="x" * 600_000)
        assert (status, told["error"]) == (413, "That is too large to be sent: at most 512 kB fit.")


async def test_a_body_that_does_not_come_is_waited_for_only_so_long(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
    head = f"POST /me HTTP/1.1\r\nHost: 127.0.0.1:{room.port}\r\nOrigin: {room.url}\r\n"
    writer.write(f"{head}Content-Length: 9\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff", b'{"name": 5}', b'"x"'])
async def test_a_body_that_is_no_object_is_told_so(room: Room, body: bytes) -> None:
    async with (
        Visitor.of(room.url) as guest,
        guest.http.post(f"{room.url}/me", data=body) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"]


async def test_a_person_gets_a_page_and_a_script_gets_json(room: Room) -> None:
    async with Visitor.of(room.url, lang="es") as guest:
        status, body = await guest.get("/d/nope", Accept="text/html")
        assert (status, body.startswith("<!doctype html>")) == (404, True)
        assert '<html lang="es">' in body
        status, body = await guest.get("/nowhere")
        assert (status, body.startswith('{"error":')) == (404, True)
