"""Who a visitor is, and in which language they are spoken to."""

from __future__ import annotations

import pytest

from tests.webroom.rig import Room, Visitor


async def test_a_name_is_asked_once_and_remembered(room: Room) -> None:
    async with Visitor.of(room.url) as guest:
        assert await guest.get("/me") == (200, '{"person":null}')
        _, told = await guest.post("/me", name="  Ana \n María ")
        assert told["person"]["name"] == "Ana María"
        assert (await guest.get("/me"))[1].count(told["person"]["id"]) == 1
        _, again = await guest.post("/me", name="Anita")
        assert again["person"] == {"id": told["person"]["id"], "name": "Anita"}


async def test_what_others_see_of_a_visitor_lets_nobody_be_them(room: Room) -> None:
    async with Visitor.of(room.url, "Ana") as ana:
        secrets = {morsel.key: morsel.value for morsel in ana.http.cookie_jar}
        assert ana.id.startswith("web:")
        assert secrets["tertulia_person"] not in ana.id
        async with ana.http.post(f"{room.url}/me", json={"name": "Ana"}) as response:
            for cookie in response.headers.getall("Set-Cookie"):
                assert "HttpOnly" in cookie
                assert "SameSite=strict" in cookie
    async with Visitor.of(room.url) as mallory:
        forged = f"tertulia_person={ana.id.removeprefix('web:')}; tertulia_name=Ana"
        assert await mallory.get("/me", Cookie=forged) == (200, '{"person":null}')


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "x" * 41, "\n"])
async def test_what_is_no_name_is_refused(room: Room, name: str) -> None:
    async with Visitor.of(room.url) as guest:
        status, told = await guest.post("/me", name=name)
        assert (status, told["error"]) == (400, "A name has 1 to 40 letters.")


@pytest.mark.parametrize(
    ("accepted", "speaks"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr, es;q=0.5, en;q=0.4", "es"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        ("es;q=x, en;q=0.1", "en"),
        ("estonian, est", "en"),
    ],
)
async def test_the_browsers_language_is_spoken(room: Room, accepted: str, speaks: str) -> None:
    async with Visitor.of(room.url, lang=accepted) as guest:
        _, page = await guest.get("/")
    assert f'<html lang="{speaks}">' in page


async def test_a_language_that_was_chosen_goes_before_the_browsers(room: Room) -> None:
    async with Visitor.of(room.url, lang="en") as guest:
        assert (await guest.post("/language", language="es"))[0] == 204
        _, page = await guest.get("/")
        assert '<html lang="es">' in page
        status, _ = await guest.post("/language", language="fr")
        assert status == 400
