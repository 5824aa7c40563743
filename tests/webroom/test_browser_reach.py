"""The page on a phone, by keyboard, and by a link into it."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.webroom.browsing import PHONE, TOO_WIDE, Window, needs_chromium, window
from tests.webroom.rig import Room

pytestmark = needs_chromium


async def test_the_whole_of_it_is_there_on_a_phone(room: Room, browser: Browser) -> None:
    room.speaker.hold(3)
    async with window(browser, **PHONE) as phone:
        await phone.start(room.url)
        page = phone.page
        await expect(page.locator(".live .words")).to_contain_text("and")
        assert not await page.evaluate(TOO_WIDE)
        await expect(page.get_by_role("button", name="Pause")).to_be_visible()
        await page.get_by_role("button", name="Panel", exact=True).click()
        await expect(page.get_by_role("button", name="Skip")).to_be_in_viewport()
        await phone.press("Skip")
        await expect(page.locator(".interrupted")).to_be_visible()
        await expect(page.get_by_role("button", name="Skip")).not_to_be_in_viewport()
        room.speaker.go_on()
        await expect(page.locator(".synthesis")).to_be_visible()


async def test_a_keyboard_is_enough_and_everything_has_a_name(room: Room, ana: Window) -> None:
    page = ana.page
    await page.goto(room.url)
    await page.get_by_label("Topic").focus()
    await page.keyboard.type("Tea or coffee?")
    await page.get_by_label("What should the others call you?").focus()
    await page.keyboard.type("Ana")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/d/*")
    await expect(page.locator(".synthesis")).to_be_visible()
    focused = "document.activeElement.id || document.activeElement.textContent.trim()"
    reached = set()
    await page.keyboard.press("Tab")
    for _ in range(80):
        reached.add(await page.evaluate(focused))
        await page.keyboard.press("Tab")
    assert {"To the thread", "scroller", "words", "send", "Another round", "Transcript"} <= reached
    nameless = """[...document.querySelectorAll("button, a, input, textarea, select")]
      .filter((e) => e.offsetParent && !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
      .map((e) => e.outerHTML)"""
    assert await page.evaluate(nameless) == []


async def test_a_link_to_a_turn_leads_there_and_does_not_jump_away(room: Room, ana: Window) -> None:
    debate = await ana.start(room.url)
    page = ana.page
    await expect(page.locator(".synthesis")).to_be_visible()
    await page.goto(f"{room.url}/d/{debate}/transcript#turn-5")
    await expect(page.locator("#turn-5")).to_be_in_viewport()
    await page.get_by_role("link", name="← To the room").click()
    await page.goto(f"{room.url}/d/{debate}#turn-3")
    await expect(page.locator("#turn-3")).to_be_in_viewport()
    await expect(page.locator("#turn-8")).to_be_attached()
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    await expect(page.locator("#turn-3")).to_be_in_viewport()
