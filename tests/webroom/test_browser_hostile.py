"""The page in a real browser, and people who write what would be run elsewhere."""

from __future__ import annotations

from playwright.async_api import expect

from tests.webroom.browsing import TOO_WIDE, Window, needs_chromium
from tests.webroom.rig import Room

pytestmark = needs_chromium

HOSTILE = (
    "<img src=x onerror=\"window.pwned='img'\"><script>window.pwned='script'</script>",
    "</script><script>window.pwned='end'</script> {0} %s ${window.pwned=1}",
    "\u202eevil\u202c \u2066x\u2069 javascript:window.pwned=2",
    "@AI Doomer **bold** `code` <b>not bold</b>\n\n```\n<svg onload=window.pwned=3>\n```",
)


async def test_nothing_that_anybody_writes_is_run_in_the_page(room: Room, ana: Window) -> None:
    room.speaker.hold()
    topic = "".join(HOSTILE)[:1_900]
    debate = await ana.start(room.url, name="<i>Ana</i> \u202ex", topic=topic)
    page = ana.page
    for n, words in enumerate((*HOSTILE, "x" * 40_000), 1):
        await ana.say(words)
        await expect(page.locator(".message")).to_have_count(n)
    await expect(page.locator(".message h3").first).to_contain_text("<i>Ana</i>")
    await expect(page.locator(".message").first).to_contain_text("<img src=x onerror=")
    await expect(page.locator(".message").nth(3).locator("pre")).to_contain_text("<svg onload")
    await expect(page.get_by_role("button", name="Show all")).to_be_visible()
    room.speaker.go_on()
    await expect(page.locator(".synthesis")).to_be_visible()
    assert await page.evaluate("window.pwned") is None
    assert await page.locator("#thread img, #thread script, #thread svg").count() == 0
    assert not await page.evaluate(TOO_WIDE)
    await page.goto(f"{room.url}/d/{debate}/transcript")
    assert await page.evaluate("window.pwned") is None
    await page.goto(f"{room.url}/")
    await expect(page.locator(".history a b")).to_contain_text("<img src=x")
    assert await page.evaluate("window.pwned") is None


async def test_the_policy_keeps_out_what_would_get_into_the_page(room: Room, ana: Window) -> None:
    await ana.start(room.url)
    blocked = await ana.page.evaluate(
        """async () => {
          const blocked = [];
          addEventListener("securitypolicyviolation", (e) => blocked.push(e.effectiveDirective));
          const add = (name, given) =>
            document.body.append(Object.assign(document.createElement(name), given));
          add("script", { textContent: "window.pwned = 1" });
          add("script", { src: "http://127.0.0.1:9/x.js" });
          add("style", { textContent: "body { color: red }" });
          add("img", { src: "http://127.0.0.1:9/x.png" });
          await fetch("http://127.0.0.1:9/").catch(() => {});
          await new Promise((done) => setTimeout(done, 200));
          return [window.pwned ?? null, ...blocked].map(String).sort();
        }"""
    )
    assert set(blocked) >= {"connect-src", "img-src", "script-src-elem", "style-src-elem", "null"}
    ana.troubles.clear()  # the browser's word on each
