"""What people do in the room in a real browser, where something comes between: nothing is lost."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from tests.webroom.browsing import PHONE, Window, needs_chromium, window
from tests.webroom.rig import Room

pytestmark = needs_chromium

TALL = "document.getElementById('scroller').clientHeight"


async def called(room: Room, ana: Window, seat: str = "ai-researcher") -> Locator:
    """Starts a debate and takes a seat; answers its form, once the seat is called."""
    room.speaker.hold()
    await ana.start(room.url)
    await ana.page.locator(f"[data-seat={seat}]").hover()
    await ana.page.locator(f"[data-seat={seat}] button").click()
    await expect(ana.page.locator(f"[data-seat={seat}]")).to_contain_text("your seat")
    room.speaker.go_on()
    form = ana.page.locator("#floor form")
    await expect(form).to_be_visible()
    return form


def field(window: Window) -> Locator:
    """The composer's."""
    return window.page.get_by_role("textbox", name="Message")


async def test_words_that_were_taken_back_do_not_come_back(
    room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    async with window(browser) as bo:
        await bo.enter(f"{room.url}/d/{debate}")
        await ana.say("@AI Doomer the secret")
        announcer = bo.page.locator("#announcer")
        await expect(announcer).to_contain_text("the secret")
        await ana.page.get_by_role("button", name="Delete").click()
        await ana.page.get_by_role("button", name="Really delete?").click()
        for each in (ana, bo):
            await expect(each.page.locator(".erased")).to_be_visible()
        await expect(announcer).to_be_empty()
        await ana.say("@AI Doomer the question")
        await expect(bo.page.locator(".message")).to_have_count(2)
        room.speaker.go_on()
        for each in (ana, bo):
            answer = each.page.locator(".turn", has_text="aside")
            await expect(answer.locator(".reply")).to_contain_text("the question")
            await expect(each.page.locator("body")).not_to_contain_text("the secret")


@pytest.mark.parametrize("size", [(844, 390), (320, 568), (1280, 600)])
async def test_the_seats_form_can_be_used_in_a_low_window(
    room: Room, ana: Window, size: tuple[int, int]
) -> None:
    form = await called(room, ana)
    await ana.page.set_viewport_size({"width": size[0], "height": size[1]})
    await expect(form.get_by_role("button", name="Speak")).to_be_in_viewport(ratio=1)
    await expect(field(ana)).to_be_in_viewport(ratio=1)
    assert await ana.page.evaluate(TALL) >= 60
    await form.get_by_label("Your question to AI Philosopher").click()
    await ana.page.keyboard.type("Who answers for it?")
    await form.get_by_label("Your answer").fill("I measured it.")
    await form.get_by_role("button", name="Speak").click()
    await expect(ana.page.locator("#turn-2")).to_contain_text("spoken by Ana")


async def test_what_was_spoken_does_not_stay_in_the_composer(room: Room, ana: Window) -> None:
    form = await called(room, ana)

    async def late(route: Route) -> None:
        response = await route.fetch()
        await expect(form).to_have_count(0)
        await route.fulfill(response=response)

    await ana.page.route("**/do", late)
    await form.get_by_label("Your answer").fill("I measured it.")
    await form.get_by_role("button", name="Speak").click()
    await expect(form).to_have_count(0)
    await expect(field(ana)).to_be_focused()
    await expect(field(ana)).to_have_value("")
    await expect(ana.page.locator(".synthesis")).to_be_visible()


async def test_a_pause_leaves_what_is_half_written_in_a_seat(room: Room, ana: Window) -> None:
    form = await called(room, ana)
    await form.get_by_label("Your answer").fill("I meas")
    speak = form.get_by_role("button", name="Speak")
    await ana.press("Pause")
    await expect(speak).to_be_disabled()
    await expect(form.get_by_label("Your answer")).to_have_value("I meas")
    await ana.press("Go on")
    await expect(speak).to_be_enabled()
    await speak.click()
    await expect(ana.page.locator("#turn-2")).to_contain_text("I meas")


async def test_a_name_that_is_asked_for_leads_on_to_what_was_pressed(
    room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    async with window(browser, **PHONE) as bo:
        page = bo.page
        await bo.enter(f"{room.url}/d/{debate}")
        await page.get_by_role("button", name="Panel", exact=True).click()
        await page.get_by_role("button", name="Take the seat of AI Doomer").click()
        await expect(page.locator("#side.open")).to_have_count(0)
        await page.get_by_label("What should the others call you?").fill("Bo")
        await page.get_by_role("button", name="Send").click()
        await expect(ana.page.locator("[data-seat=ai-doomer]")).to_contain_text("Bo sits here")
    room.speaker.go_on()


async def test_words_to_nobody_after_the_close_stay_in_the_composer(
    room: Room, ana: Window
) -> None:
    await ana.start(room.url)
    await expect(ana.page.locator(".synthesis")).to_be_visible()
    for _ in range(2):
        await ana.say("Thank you all.")
        await expect(ana.page.locator(".whisper")).to_contain_text("The debate is closed")
        await expect(field(ana)).to_have_value("Thank you all.")
        await ana.page.get_by_role("button", name="Close this message").click()


async def test_a_message_whose_answers_are_lost_is_said_once(room: Room, ana: Window) -> None:
    room.speaker.hold()
    await ana.start(room.url)

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await ana.page.route("**/say", lost)
    await ana.say("Once.")
    await expect(ana.page.locator(".whisper")).to_contain_text("could not be sent")
    await ana.page.unroute("**/say")
    ana.troubles.clear()  # the browser's own word about the lines that broke
    await field(ana).press("Enter")
    await expect(field(ana)).to_have_value("")
    await ana.say("Twice.")
    await expect(ana.page.locator(".message").last).to_contain_text("Twice.")
    await expect(ana.page.locator(".message")).to_have_count(2)
    room.speaker.go_on()


async def test_ones_own_words_are_taken_back_by_keyboard(room: Room, ana: Window) -> None:
    room.speaker.hold()
    await ana.start(room.url)
    await ana.say("Frist!")
    delete = ana.page.locator(".message").get_by_role("button", name="Delete")
    await delete.focus()
    await expect(delete).to_be_focused()
    await expect(delete).to_have_css("opacity", "1")
    room.speaker.go_on()


async def test_next_keeps_the_focus_from_turn_to_turn(room: Room, ana: Window) -> None:
    await ana.start(room.url, pace="Step by step")
    page, quick = ana.page, ana.page.locator("#quick")
    for turn in (1, 2):
        await expect(page.locator("#status")).to_contain_text("waits to be called")
        await expect(page.locator(".seats small").filter(has_text="next")).to_have_count(1)
        await expect(quick).to_have_text("Next")
        if turn == 1:
            await quick.focus()
        await expect(quick).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(f"#turn-{turn}")).to_be_visible()


async def test_a_double_click_stops_no_debate(room: Room, ana: Window) -> None:
    room.speaker.hold()
    await ana.start(room.url)
    steer = ana.page.get_by_role("group", name="Steer the debate")
    await steer.get_by_role("button", name="Stop", exact=True).dblclick()
    await expect(steer.get_by_role("button", name="Really stop?")).to_be_visible()
    room.speaker.go_on()
    await expect(ana.page.locator("#turn-8")).to_be_visible()


async def test_a_full_room_says_so_and_lets_in_once_there_is_a_place(
    room: Room, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    room.site.most_streams = 0
    await ana.page.goto(f"{room.url}/d/{debate}")
    await expect(ana.page.locator("#line")).to_contain_text("The room is full")
    room.site.most_streams = 1
    await expect(ana.page.locator("#status")).not_to_be_empty()
    await expect(ana.page.locator("#line")).to_be_empty()
    room.speaker.go_on()
