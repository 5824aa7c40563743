"""Files that people hand in are debated; what is no such file only its owner is told."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from io import BytesIO
from typing import Any

import aiohttp
import orjson
import pytest
from yarl import URL

from bots.chat.material import MOST_BYTES
from bots.webroom.files import MOST_FILES
from bots.webroom.site import MOST_LARGE
from engine.debate.rules.talk import MOST_ATTACHED
from tests.chat.pdfs import pdf
from tests.webroom.rig import LONG_S, House, Room, Visitor
from tests.webroom.test_talk import named

PLAN = "# The plan\n\nThe ferry sails at nine."
MB = 1024**2


def in_form(name: str, content: bytes) -> dict[str, str]:
    """A file as the form carries it."""
    return {"name": name, "content": b64encode(content).decode()}


def prompts(house: House) -> list[str]:
    """All that the model was asked, request by request."""
    return [
        "\n".join(message["content"] for message in received.body["messages"])
        for received in house.model.received
    ]


async def added(visitor: Visitor, debate: str) -> dict[str, Any]:
    """The first file in the thread, with its number in the log."""
    posts = await visitor.posts(debate, "material.added")
    return {"n": posts[-1]["n"], "note": posts[-1]["note"], **posts[-1]["event"]}


@pytest.mark.parametrize(
    ("name", "content"), [("plan.md", PLAN.encode()), ("plan.pdf", pdf("The ferry sails at nine."))]
)
async def test_files_at_the_start_are_in_the_first_prompt(
    house: House, room: Room, name: str, content: bytes
) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start(files=[in_form(name, content)])
        await ana.posts(debate, "turn.spoken")
        shown = await added(ana, debate)
    assert "The ferry sails at nine." in prompts(house)[0]
    assert (shown["name"], shown["by"]) == (name, {"id": ana.id, "name": "Ana"})


async def test_a_file_in_mid_debate_is_in_the_next_prompt(house: House, room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url, "Bo") as bo:
        debate = await ana.start()
        status, told = await bo.attach(debate, "plan.md", PLAN.encode())
        room.speaker.go_on()
        await ana.posts(debate, "debate.closed")
    assert (status, told["text"]) == (200, "")
    first, second, *_ = prompts(house)
    assert "ferry" not in first
    assert "The ferry sails at nine." in second


async def test_the_thread_says_who_brought_what_and_how_long_it_is(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url) as guest:
        debate = await ana.start()
        await ana.attach(debate, "docs/plan.md", PLAN.encode(), "k")
        shown = await added(ana, debate)
        assert shown["by"] == {"id": ana.id, "name": "Ana"}
        assert (shown["name"], shown["characters"]) == ("plan.md", len(PLAN))
        assert (shown["text"], shown["note"]) == ("", None)
        there = f"{room.url}/d/{debate}/files/{shown['n']}"
        async with guest.http.get(there, headers={"Accept": "text/html"}) as response:
            assert (response.status, await response.text()) == (200, PLAN)
            assert response.content_type == "text/plain"
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none';")
        room.speaker.go_on()


async def test_after_a_file_is_taken_back_nothing_of_it_is_left(house: House, room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana, Visitor.of(room.url, "Bo") as bo:
        debate = await ana.start()
        await ana.attach(debate, "plan.md", PLAN.encode(), "k1")
        n = (await added(ana, debate))["n"]
        message = f"{ana.id}:k1"
        assert "Only whoever wrote" in (await bo.do(debate, "erase", message=message))["text"]
        assert (await ana.do(debate, "erase", message=message))["text"] == ""
        assert (await bo.get(f"/d/{debate}/files/{n}"))[0] == 404
        assert (await added(bo, debate))["characters"] == 0
        room.speaker.go_on()
        await ana.posts(debate, "debate.closed")
        assert (await bo.attach(debate, "plan.md", PLAN.encode(), "k1"))[1]["text"]
    assert not any("ferry" in prompt for prompt in prompts(house))


@pytest.mark.parametrize("n", ["1", "0", "99", "-1", "x", "9" * 5_000])
async def test_no_other_record_is_read_as_a_file(room: Room, n: str) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        assert (await ana.get(f"/d/{debate}/files/{n}"))[0] == 404


async def test_a_file_that_the_browser_sends_again_is_handed_in_once(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        for _ in range(3):
            assert (await ana.attach(debate, "plan.md", PLAN.encode(), "k"))[1]["text"] == ""
        room.speaker.go_on()
        posts = await ana.posts(debate, "debate.closed")
    assert len(named(posts, "material.added")) == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("plan.docx", b"PK", "plan.docx is of a kind that cannot be read"),
        ("plan.md", b"\xff\xfe\xff", "plan.md is not text in UTF-8"),
        ("plan.md", b"", "plan.md has no text in it"),
        ("plan.pdf", b"%PDF-1.4 torn", "plan.pdf cannot be read as a PDF"),
        ("", b"x", "is of a kind that cannot be read"),
    ],
)
async def test_what_cannot_be_read_is_told_to_whoever_brought_it(
    room: Room, name: str, content: bytes, told: str
) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        status, answer = await ana.attach(debate, name, content)
        assert (status, told in answer["text"]) == (200, True), answer
        status, answer = await ana.post(
            "/debates", topic="Tea?", panel="ai-en", files=[in_form(name, content)]
        )
        assert (status, told in answer["error"]) == (400, True), answer
        room.speaker.go_on()
        assert named(await ana.posts(debate, "debate.closed"), "material.added") == []


async def test_a_refusal_is_in_the_language_of_whoever_is_refused(room: Room) -> None:
    async with Visitor.of(room.url, "Eva", lang="es") as eva:
        debate = await eva.start()
        _, told = await eva.attach(debate, "plan.docx", b"PK")
        assert "es de un tipo que no se puede leer" in told["text"]
        await eva.posts(debate, "debate.closed")
        _, told = await eva.attach(debate, "plan.md", PLAN.encode())
        assert "Este debate está cerrado" in told["text"]


async def test_only_so_many_files_are_taken(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        for n in range(MOST_ATTACHED):
            assert (await ana.attach(debate, f"{n}.md", b"x"))[1]["text"] == ""
        _, told = await ana.attach(debate, "more.md", b"x")
        assert told["text"] == f"{MOST_ATTACHED} files were handed in already; no more fit."
        files = [in_form(f"{n}.md", b"x") for n in range(MOST_FILES + 1)]
        status, told = await ana.post("/debates", topic="Tea?", panel="ai-en", files=files)
        assert (status, f"at most {MOST_FILES} files" in told["error"]) == (400, True)
        room.speaker.go_on()


async def test_a_file_of_ten_megabytes_is_taken(room: Room) -> None:
    room.speaker.hold()
    async with Visitor.of(room.url, "Ana") as ana:
        form = {"topic": "Tea?", "panel": "ai-en", "files": [in_form("b.txt", b"x" * MOST_BYTES)]}
        there, body = f"{room.url}/debates", BytesIO(orjson.dumps(form))
        async with ana.http.post(there, data=body) as response:
            assert response.status == 201
            debate = (await response.json())["debate"]
        assert (await ana.attach(debate, "book.txt", b"x" * MOST_BYTES))[1]["text"] == ""
        room.speaker.go_on()


@pytest.mark.parametrize(
    ("path", "most"), [("/d/{debate}/files?name=a.md", 10), ("/debates", 13), ("/me", 0)]
)
async def test_a_body_that_says_it_is_too_large_is_not_waited_for(
    room: Room, path: str, most: int
) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        there = room.url + path.format(debate=await ana.start())
        cookies = ana.http.cookie_jar.filter_cookies(URL(room.url))
        kept = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        head = (
            f"POST {there.removeprefix(room.url)} HTTP/1.1\r\nHost: 127.0.0.1:{room.port}\r\n"
            f"Origin: {room.url}\r\nCookie: {kept}\r\nContent-Length: {20 * MB}\r\n\r\n"
        )
        answer = await _answered(room, head.encode())
    assert "413 " in answer.partition("\r\n")[0]
    assert (f"at most {most} MB" if most else "at most 512 kB") in answer


async def _answered(room: Room, request: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
    writer.write(request)
    async with asyncio.timeout(LONG_S):
        answer = await reader.readuntil(b"}")
    writer.close()
    return answer.decode()


async def test_a_body_that_does_not_say_how_large_it_is_is_measured(room: Room) -> None:
    async def endless() -> Any:
        while True:
            yield b"x" * MB

    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        there = f"{room.url}/d/{debate}/files?name=a.md"
        async with ana.http.post(there, data=endless()) as response:
            assert response.status == 413


async def test_who_leaves_in_mid_file_troubles_nobody(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()

        async def broken() -> Any:
            yield b"x"
            raise OSError("the line is cut")

        with pytest.raises(aiohttp.ClientError):
            await ana.http.post(f"{room.url}/d/{debate}/files?name=a.md", data=broken())
        async with asyncio.timeout(LONG_S):
            for _ in range(MOST_LARGE):  # all the places are free again
                await room.site.large.acquire()
        for _ in range(MOST_LARGE):
            room.site.large.release()
        assert (await ana.attach(debate, "a.docx", b"x"))[0] == 200
    assert caplog.records == []


async def test_nobody_hands_in_without_a_name_or_from_another_site(room: Room) -> None:
    async with Visitor.of(room.url) as guest, Visitor.of(room.url, "Ana") as ana:
        debate = await ana.start()
        status, told = await guest.attach(debate, "a.md", b"x")
        assert (status, told["kind"]) == (401, "Unnamed")
        ana.http.headers["Origin"] = "http://evil.example"
        status, told = await ana.attach(debate, "a.md", b"x")
        assert (status, told["kind"]) == (403, "Foreign")


async def test_a_closed_room_takes_no_file_without_its_token(house: House) -> None:
    async with house.room("secret", speaks=False) as room, Visitor.of(room.url) as guest:
        status, told = await guest.attach("any", "a.md", b"x")
        assert (status, told["kind"]) == (401, "NotLetIn")


@pytest.mark.parametrize(
    "files", ["x", [1], [{"name": 1}], [{"name": "a.md", "content": "not base64!"}], {"a": 1}]
)
async def test_what_no_form_carries_is_refused(room: Room, files: object) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        status, told = await ana.post("/debates", topic="Tea?", panel="ai-en", files=files)
        assert (status, bool(told["error"])) == (400, True)
