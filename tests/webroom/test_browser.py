"""The whole of the room in a real browser: what a newcomer does, and what must never happen."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.webroom.browsing import Window, needs_chromium, window
from tests.webroom.rig import House, Room

pytestmark = needs_chromium


async def test_a_newcomer_starts_a_debate_watches_eight_turns_and_keeps_it(
    room: Room, ana: Window, tmp_path: Path
) -> None:
    room.speaker.hold(1)
    debate = await ana.start(room.url)
    page = ana.page
    live = page.locator(".live .words")
    await expect(live).to_contain_text("and and")
    await expect(page.locator("#status")).to_have_text("AI Researcher has the floor.")
    await expect(page.get_by_role("listitem").filter(has_text="speaking")).to_contain_text(
        "AI Researcher"
    )
    room.speaker.go_on()
    synthesis = page.locator(".synthesis")
    await expect(synthesis).to_contain_text("The panel weighed cost against control.")
    await expect(synthesis).to_contain_text("Ended: everybody has spoken.")
    for heading in ("Agreements", "Disagreements", "Open questions"):
        await expect(synthesis.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert await ana.turns() == [f"turn-{n}" for n in range(1, 9)]
    await expect(page.locator(".live")).to_have_count(0)
    await expect(page.locator("#turn-1 .question")).to_contain_text("AI Researcher")
    await expect(page.locator("#turn-8 .question")).to_have_count(0)
    for name in ("Markdown", "JSON", "HTML", "SVG"):
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name=name, exact=True).click()
        file = tmp_path / (await downloading.value).suggested_filename
        await (await downloading.value).save_as(file)
        assert debate in file.name
        assert len(file.read_text()) > 1_000
    await page.goto(f"{room.url}/")
    await expect(page.locator(".history a")).to_contain_text("Tea or coffee?")


async def test_a_tagged_persona_answers_next_and_the_order_goes_on(room: Room, ana: Window) -> None:
    room.speaker.hold()
    await ana.start(room.url)
    page = ana.page
    await page.get_by_label("Message").press_sequentially("@doo")
    await expect(page.get_by_role("option")).to_have_text(re.compile("AI Doomer"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message")).to_have_value("@AI Doomer ")
    await page.keyboard.type("what could go wrong?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine")).to_contain_text("what could go wrong?")
    await expect(page.get_by_label("Message")).to_have_value("")
    room.speaker.go_on()
    answer = page.locator("#turn-2")
    await expect(answer.get_by_role("heading")).to_have_text("AI Doomer")
    await expect(answer).to_contain_text("aside")
    await expect(answer.locator(".reply")).to_contain_text("what could go wrong?")
    await expect(page.locator("#turn-3").get_by_role("heading")).to_have_text("AI Researcher")
    await expect(page.locator("#turn-3 .reply")).to_contain_text("Coordinator")


async def test_a_debate_is_paused_goes_on_and_takes_one_step(room: Room, ana: Window) -> None:
    room.speaker.hold(1)
    await ana.start(room.url)
    page = ana.page
    await ana.press("Pause")
    await expect(page.locator("#status")).to_contain_text("then it pauses")
    room.speaker.go_on()
    await expect(page.locator("#status")).to_have_text("Paused. Nobody speaks until it goes on.")
    assert len(await ana.turns()) == 2
    await page.get_by_role("button", name="Step", exact=True).click()
    await expect(page.locator(".note").last).to_contain_text("changed the pace")
    await ana.press("Go on")
    await expect(page.locator("#turn-3")).to_be_visible()
    await expect(page.locator("#status")).to_contain_text("waits to be called")
    await ana.press("Next")
    await expect(page.locator("#turn-4")).to_be_visible()
    await expect(page.locator("#status")).to_contain_text("waits to be called")
    assert len(await ana.turns()) == 4


async def test_whoever_takes_a_seat_is_called_and_speaks_for_it(room: Room, ana: Window) -> None:
    room.speaker.hold()
    await ana.start(room.url)
    page = ana.page
    await page.locator("[data-seat=ai-researcher]").hover()
    await page.get_by_role("button", name="Take the seat of AI Researcher").click()
    await expect(page.locator("[data-seat=ai-researcher]")).to_contain_text("your seat")
    room.speaker.go_on()
    form = page.locator("#floor form")
    await expect(form).to_contain_text("You have the floor, in AI Researcher's seat")
    await expect(form).to_contain_text("Coordinator asked")
    await expect(form.get_by_role("timer")).to_have_text(re.compile(r"[45]:\d\d left"))
    await expect(page).to_have_title(re.compile("Your turn"))
    await form.get_by_label("Your answer").fill("I measured it: owning pays at half load.")
    await form.get_by_label("Your question to AI Philosopher").fill("Who answers for it?")
    await form.get_by_role("button", name="Speak").click()
    await expect(page.locator("#turn-2")).to_contain_text("spoken by Ana")
    await expect(page.locator("#turn-2 .question")).to_contain_text("Who answers for it?")
    await expect(form).to_have_count(0)
    await expect(page.locator(".synthesis")).to_be_visible()


async def test_what_was_begun_in_a_seat_that_is_left_is_not_lost(room: Room, ana: Window) -> None:
    room.speaker.hold()
    await ana.start(room.url, rule="Addressed")
    page = ana.page
    for seat in ("ai-researcher", "ai-philosopher"):
        await page.locator(f"[data-seat={seat}]").hover()
        await page.locator(f"[data-seat={seat}] button").click()
        await expect(page.locator(f"[data-seat={seat}]")).to_contain_text("your seat")
    room.speaker.go_on()
    form = page.locator("#floor form")
    await form.get_by_label("Your answer").fill("On second thought …")
    choice = form.get_by_label("Whom the question goes to")
    await expect(choice).to_contain_text("AI Doomer")
    await form.get_by_role("button", name="Leave seat").click()
    await expect(form).to_have_count(0)
    await expect(page.get_by_label("Message")).to_have_value("On second thought …")
    await expect(page.locator(".synthesis")).to_be_visible()


async def test_a_skipped_speaker_is_marked_interrupted_and_a_stop_closes(
    room: Room, ana: Window
) -> None:
    room.speaker.hold(1)
    await ana.start(room.url)
    page = ana.page
    await expect(page.locator(".live .words")).to_contain_text("and")
    room.speaker.hold(1)
    await ana.press("Skip")
    await expect(page.locator(".interrupted")).to_contain_text("What was begun is not kept.")
    await expect(page.locator(".note").first).to_have_text("Ana skipped AI Researcher.")
    await expect(page.locator("#turn-2").get_by_role("heading")).to_have_text("AI Philosopher")
    await ana.press("Stop")
    await ana.press("Really stop?")
    room.speaker.go_on()
    await expect(page.locator(".synthesis")).to_contain_text("Ended: somebody stopped it.")


async def test_two_browsers_see_one_room_and_only_one_may_steer(
    room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    async with window(browser) as bo:
        await bo.enter(f"{room.url}/d/{debate}")
        await bo.say("May I join?")
        await bo.page.get_by_label("What should the others call you?").fill("Bo")
        await bo.page.keyboard.press("Enter")
        for each in (ana, bo):
            await expect(each.page.locator(".message")).to_contain_text("May I join?")
        await bo.press("Pause")
        await expect(bo.page.locator(".whisper")).to_contain_text("Only Ana")
        await expect(ana.page.locator(".whisper")).to_have_count(0)
        room.speaker.go_on()
        for each in (ana, bo):
            await expect(each.page.locator(".synthesis")).to_be_visible()
        assert await ana.turns() == await bo.turns()
        await bo.page.locator("#turn-2").hover()
        await bo.page.locator("#turn-2").get_by_role("button", name="Good turn").click()
        liked = ana.page.locator("#turn-2").get_by_role("button", name="Good turn")
        await expect(liked).to_have_text("👍 1")
        await expect(liked).to_have_attribute("aria-pressed", "false")


async def test_a_reload_in_mid_turn_shows_the_text_so_far_and_nothing_twice(
    room: Room, ana: Window
) -> None:
    room.speaker.hold(2)
    await ana.start(room.url)
    page = ana.page
    live = page.locator(".live .words")
    await expect(live).to_contain_text("and")
    before = await live.inner_text()
    await page.reload()
    await expect(live).to_contain_text(before.removesuffix(" and").strip()[:60])
    assert await ana.turns() == ["turn-1", "turn-2"]
    room.speaker.go_on()
    await expect(page.locator(".synthesis")).to_have_count(1)
    assert await ana.turns() == [f"turn-{n}" for n in range(1, 9)]


async def test_a_room_that_opens_again_is_joined_by_the_browser_itself(
    house: House, ana: Window
) -> None:
    house.speaker.hold(2)
    async with house.room() as room:
        await ana.start(room.url)
        await expect(ana.page.locator(".live .words")).to_contain_text("and")
    house.speaker.go_on()
    await expect(ana.page.locator("#line")).to_contain_text("Trying again")
    ana.troubles.clear()  # the browser's own word about the line that broke
    async with house.room(port=room.port):
        await expect(ana.page.locator(".synthesis")).to_be_visible()
        await expect(ana.page.locator("#line")).to_be_empty()
        ana.troubles.clear()
        assert await ana.turns() == [f"turn-{n}" for n in range(1, 9)]


async def test_ones_own_words_are_edited_and_taken_back_for_everybody(
    room: Room, browser: Browser, ana: Window
) -> None:
    room.speaker.hold()
    debate = await ana.start(room.url)
    async with window(browser) as bo:
        await bo.enter(f"{room.url}/d/{debate}")
        await ana.say("Frist!")
        await expect(bo.page.locator(".message")).to_contain_text("Frist!")
        await ana.page.get_by_label("Message").press("ArrowUp")
        await ana.page.get_by_label("Edit", exact=True).fill("First!")
        await ana.page.keyboard.press("Enter")
        await expect(bo.page.locator(".message")).to_contain_text("First!")
        await expect(bo.page.locator(".message")).to_contain_text("edited")
        await expect(bo.page.get_by_role("button", name="Edit")).to_have_count(0)
        await ana.page.locator(".message").hover()
        await ana.page.get_by_role("button", name="Delete").click()
        await ana.page.get_by_role("button", name="Really delete?").click()
        for each in (ana, bo):
            await expect(each.page.locator(".message")).to_contain_text("took this message back")
            await expect(each.page.locator(".message")).not_to_contain_text("First!")
    room.speaker.go_on()


async def test_after_the_close_a_persona_is_asked_and_a_round_added(
    room: Room, ana: Window
) -> None:
    await ana.start(room.url)
    page = ana.page
    await expect(page.locator(".synthesis")).to_be_visible()
    await ana.say("@philosopher, one more thing: whose is it?")
    await expect(page.locator("#turn-9").get_by_role("heading")).to_have_text("AI Philosopher")
    await page.locator(".synthesis").get_by_role("button", name="Another round").click()
    await expect(page.locator(".synthesis")).to_have_count(2)
    assert len(await ana.turns()) == 17


async def test_commands_are_completed_done_and_answered_to_one_alone(
    room: Room, ana: Window
) -> None:
    room.speaker.hold()
    await ana.start(room.url)
    page = ana.page
    await page.get_by_label("Message").press_sequentially("/deb")
    await expect(page.get_by_role("option").first).to_contain_text("Start a debate.")
    await page.get_by_label("Message").press_sequentially("ate stat")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".whisper")).to_contain_text("Only you see this")
    await expect(page.locator(".whisper")).to_contain_text("Pace: ")
    await expect(page.locator(".message")).to_have_count(0)
    room.speaker.go_on()
