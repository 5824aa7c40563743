"""The scripts' pure parts, run where they live: in the browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from tests.webroom.browsing import chromium, needs_chromium, window
from tests.webroom.rig import LONG_S, House

pytestmark = needs_chromium

HEAR = """async (pieces) => {
  const { heard, silence } = await import("/static/speech.js");
  return pieces.reduce(heard, silence(3)).parts;
}"""
PROSE = """async (words) => {
  const { prose } = await import("/static/prose.js");
  const body = document.createElement("div");
  body.append(...prose(words));
  return body.innerHTML;
}"""
SHOWN = (
    ("one\ntwo\n\nthree", '<p dir="auto">one\ntwo</p><p dir="auto">three</p>'),
    ("- a\n* b", '<ul><li dir="auto">a</li><li dir="auto">b</li></ul>'),
    ("a **b** *c* `d`", '<p dir="auto">a <strong>b</strong> <em>c</em> <code>d</code></p>'),
    ("2 * 3 * 4 and __x__", '<p dir="auto">2 * 3 * 4 and __x__</p>'),
    ("```js\n<b>*x*</b>\n```\nend", "<pre><code>&lt;b&gt;*x*&lt;/b&gt;</code></pre>"),
    ("```\nnever closed", "<pre><code>never closed</code></pre>"),
    ("<script>x</script>", '<p dir="auto">&lt;script&gt;x&lt;/script&gt;</p>'),
    ("[x](javascript:y) ![z](w)", '<p dir="auto">[x](javascript:y) ![z](w)</p>'),
    ("", ""),
)


@pytest.fixture
async def page(house: House) -> AsyncIterator[Page]:
    """The first page, whose policy lets its own scripts be imported."""
    async with house.room(speaks=False) as room, chromium() as browser, window(browser) as opened:
        await opened.page.goto(room.url)
        yield opened.page


def piece(text: str, offset: int, **more: Any) -> dict[str, Any]:
    """Live text of turn 3, as the stream brings it."""
    given = {"turn": 3, "epoch": 1, "attempt": 0, "part": "answer"}
    return {**given, "text": text, "offset": offset, **more}


async def test_pieces_of_live_text_are_put_together(page: Page) -> None:
    async def heard(*pieces: dict[str, Any]) -> Any:
        return await page.evaluate(HEAR, list(pieces))

    assert await heard(piece("Hel", 0), piece("lo", 3)) == {"answer": "Hello"}
    again = (piece("Hel", 0), piece("Hello", 0), piece("lo", 3))
    assert await heard(*again) == {"answer": "Hello"}, "a piece twice changes nothing"
    assert await heard(piece("A", 0), piece("Q", 0, part="question")) == {
        "answer": "A",
        "question": "Q",
    }
    assert await heard(piece("👩‍🔬é", 0), piece("!", 4)) == {"answer": "👩‍🔬é!"}
    assert await heard(piece("Old", 0), piece("New", 0, epoch=2)) == {"answer": "New"}
    assert await heard(piece("Bad", 0), piece("Good", 0, attempt=1)) == {"answer": "Good"}
    late = (piece("New", 0, epoch=2), piece("Old", 0), piece("Older", 0, attempt=9))
    assert await heard(*late) == {"answer": "New"}
    assert await heard(piece("A", 0), piece("x", 9)) == {"answer": "A"}, "a gap is not filled in"
    assert await heard(piece("A", 0), piece("B", 1, turn=4)) == {"answer": "A"}


async def test_words_become_paragraphs_lists_and_code_and_nothing_else(page: Page) -> None:
    for words, shown in SHOWN:
        assert (await page.evaluate(PROSE, words)).startswith(shown)


async def test_long_words_of_one_kind_do_not_hold_the_page_up(page: Page) -> None:
    for words in ("*" * 40_000, "`" * 40_000, "**a" * 13_000, "```\n" * 10_000, "- \n" * 13_000):
        async with asyncio.timeout(LONG_S):
            await page.evaluate(PROSE, words)
