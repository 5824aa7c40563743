"""Files in a real browser: chosen, dropped or pasted, at the start and while a debate goes on."""

from __future__ import annotations

from playwright.async_api import Browser, JSHandle, Page, expect

from tests.webroom.browsing import Window, file, needs_chromium, window
from tests.webroom.rig import House, Room
from tests.webroom.test_files import prompts

pytestmark = needs_chromium

PLAN = file("plan.md", "The ferry sails at nine.")
CREW = file("crew.md", "Nobody sails on Sundays.")
TORN = file("torn.pdf", "%PDF-1.4 torn")
PICTURE = file("photo.png", "pixels")


async def test_files_are_added_and_removed_before_a_debate_begins(
    house: House, room: Room, ana: Window
) -> None:
    page = ana.page
    await page.goto(room.url)
    await ana.choose("Add a file", PLAN, TORN, PICTURE)
    await expect(page.locator("#error")).to_contain_text("photo.png is of a kind")
    await page.get_by_label("Topic").fill("Tea or coffee?")
    await page.get_by_label("What should the others call you?").fill("Ana")
    start = page.get_by_role("button", name="Start the debate")
    await start.click()
    await expect(page.locator("#error")).to_contain_text("torn.pdf cannot be read as a PDF")
    ana.troubles.clear()  # the browser's own word about the answer 400
    await page.get_by_role("button", name="Remove torn.pdf").click()
    await expect(page.locator("#chosen li")).to_have_text(["plan.md✕"])
    await start.click()
    await page.wait_for_url("**/d/*")
    await expect(page.locator(".file")).to_contain_text("plan.md24 characters")
    await expect(page.locator("#turn-1")).to_be_visible()
    assert "The ferry sails at nine." in prompts(house)[0]


async def test_a_file_in_mid_debate_is_seen_by_all_and_read_by_the_next_speaker(
    house: House, room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    async with window(browser) as bo:
        await bo.enter(f"{room.url}/d/{debate}")
        await ana.choose("Attach files", CREW)
        await ana.say("This is what the crew says.")
        for each in (ana, bo):
            await expect(each.page.locator(".message").first).to_contain_text("crew.md24 char")
            await expect(each.page.locator(".message").last).to_contain_text("the crew says")
        async with bo.page.context.expect_page() as opening:
            await bo.page.get_by_role("link", name="crew.md").click()
        await expect((await opening.value).locator("body")).to_have_text("Nobody sails on Sundays.")
    room.speaker.go_on()
    await expect(ana.page.locator("#turn-2")).to_be_visible()
    first, second, *_ = prompts(house)
    assert "Nobody sails on Sundays." not in first
    assert "Nobody sails on Sundays." in second


async def test_a_file_that_is_taken_back_is_gone_for_everybody(
    room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    await ana.choose("Attach files", CREW)
    await ana.page.get_by_role("button", name="Send").click()
    async with window(browser) as bo:
        await bo.enter(f"{room.url}/d/{debate}")
        await expect(bo.page.locator(".file")).to_contain_text("crew.md")
        await expect(bo.page.get_by_role("button", name="Delete")).to_have_count(0)
        await ana.page.locator(".message").hover()
        await expect(ana.page.get_by_role("button", name="Edit")).to_have_count(0)
        await ana.page.get_by_role("button", name="Delete").click()
        await ana.page.get_by_role("button", name="Really delete?").click()
        for each in (ana, bo):
            await expect(each.page.locator(".message")).to_contain_text("Ana took this file back.")
        await bo.page.reload()
        await expect(bo.page.locator(".message")).to_contain_text("Ana took this file back.")
        await expect(bo.page.locator("#thread")).not_to_contain_text("crew.md")
    room.speaker.go_on()


async def test_what_is_dropped_or_pasted_waits_until_it_is_sent_and_is_not_lost(
    room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    async with window(browser) as bo:
        page = bo.page
        await bo.enter(f"{room.url}/d/{debate}")
        dropped = await _carrying(page, "plan.md", "The ferry sails at nine.")
        await page.dispatch_event("#thread", "dragover", {"dataTransfer": dropped})
        await expect(page.locator("main")).to_have_class("room dropping")
        await page.dispatch_event("#thread", "drop", {"dataTransfer": dropped})
        await expect(page.locator("main")).to_have_class("room")
        await _paste(page, await _carrying(page, "torn.pdf", "%PDF-1.4 torn"))
        await page.get_by_label("Message").fill("Look at these.")
        await page.get_by_label("Message").press("Enter")
        await page.get_by_label("What should the others call you?").fill("Bo")
        await expect(page.locator("#chosen li")).to_have_text(["plan.md✕", "torn.pdf✕"])
        await page.keyboard.press("Enter")
        await expect(page.locator(".whisper")).to_contain_text("torn.pdf cannot be read as a PDF")
        await expect(page.locator(".file")).to_contain_text("plan.md")
        await expect(page.locator("#chosen li")).to_have_text(["torn.pdf✕"])
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("Look at these.")
        await page.get_by_role("button", name="Remove torn.pdf").click()
        await page.get_by_role("button", name="Send").click()
        await expect(ana.page.locator(".message .words")).to_have_text("Look at these.")
        await expect(ana.page.locator(".file")).to_have_count(1)
    room.speaker.go_on()


async def test_text_that_comes_with_a_picture_of_it_is_pasted_as_text(
    room: Room, ana: Window
) -> None:
    await ana.start(room.url)
    both = await _carrying(ana.page, "photo.png", "pixels", "as text")
    assert not await _paste(ana.page, both), "it is left to the browser"
    assert await _paste(ana.page, await _carrying(ana.page, "photo.png", "pixels"))
    await expect(ana.page.locator(".whisper")).to_contain_text("photo.png is of a kind")
    await expect(ana.page.locator("#chosen li")).to_have_count(0)


async def _carrying(page: Page, name: str, content: str, text: str = "") -> JSHandle:
    """What a drag or the clipboard carries: a file, and text where there is some."""
    return await page.evaluate_handle(
        """([name, content, text]) => {
          const carried = new DataTransfer();
          carried.items.add(new File([content], name));
          if (text) carried.setData("text/plain", text);
          return carried;
        }""",
        [name, content, text],
    )


async def _paste(page: Page, carried: JSHandle) -> bool:
    """Pastes it into the composer; answers whether the page took it."""
    taken = await page.get_by_label("Message").evaluate(
        """(field, clipboardData) => !field.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))""",
        carried,
    )
    return bool(taken)
