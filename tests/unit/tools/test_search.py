"""The web, searched when it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.errors import ToolError
from digital_life.ports import WebSearch
from digital_life.tool import Outcome
from digital_life.tools import search
from digital_life.tools.permission import Permission
from digital_life.values import Language, Transcript, WebPage
from fakes.clock import FakeClock
from fakes.outside import FakeConsents, FakeWebSearch

PAGES = (
    WebPage("www.library.example", "City <b>Library</b>", "Open   from nine &amp; to six.\nSee https://x.example/y"),
    WebPage("news.example", "A new library", ""),
    WebPage("third.example", "", ""),
    WebPage("fourth.example", "Left out", "as the third has nothing to say"),
    WebPage("fifth.example", "Too many", ""),
)


async def look_up(what: str, web: WebSearch | None, *, may: bool | None = True) -> Outcome:
    consents = FakeConsents({} if may is None else {"search": may})
    (tool,) = search.tools(web, Permission(consents, FakeClock()))
    return await tool.run(Transcript("", "en", 1.0), **tool.validated({"what": what}))


async def test_the_best_pages_are_found_with_their_sites() -> None:
    outcome = await look_up("library", FakeWebSearch(PAGES))
    assert outcome.said == ""
    assert outcome.found.splitlines() == [
        "library.example: City Library. Open from nine & to six. See",
        "news.example: A new library.",
        "fourth.example: Left out. as the third has nothing to say",
    ]


async def test_nothing_found_is_said() -> None:
    assert (await look_up("xyzzy", FakeWebSearch())).said == "I found nothing on the web about xyzzy."


async def test_nothing_is_asked_without_leave() -> None:
    web = FakeWebSearch(PAGES)
    assert "May I use it?" in (await look_up("library", web, may=None)).said
    assert "stay off" in (await look_up("library", web, may=False)).said
    assert web.asked == []


async def test_without_an_address_it_says_what_to_set() -> None:
    with pytest.raises(ToolError, match=r"tools\.search\.address"):
        await look_up("library", None, may=None)


async def test_a_web_that_is_down_is_told() -> None:
    with pytest.raises(ToolError, match="cannot be reached"):
        await look_up("library", FakeWebSearch(down=True))


@given(
    st.lists(st.builds(WebPage, st.just("a.example"), st.text(max_size=900), st.text(max_size=900)), max_size=9),
    st.sampled_from(words.LANGUAGES),
)
def test_what_is_found_is_short_and_on_clean_lines(pages: list[WebPage], language: Language) -> None:
    found = search.told(pages, words.load(language))
    assert len(found.splitlines()) <= search.PAGES
    assert sum(map(search.tokens, found)) <= search.TOKENS + 2 * search.PAGES
    assert all(char.isprintable() or char == "\n" for char in found)


@pytest.mark.parametrize(
    ("text", "language", "what"),
    [
        ("Can you look up when the last train goes?", "en", "when the last train goes"),
        ("Search the web for bread recipes", "en", "bread recipes"),
        ("look the score up online please", "en", "the score"),
        ("帮我上网查一下火车几点开", "zh", "火车几点开"),
        ("搜一下面包的做法", "zh", "面包的做法"),
    ],
)
def test_what_is_sought_is_read(text: str, language: Language, what: str) -> None:
    assert search.read(Transcript(text, language, 1.0)) == {"what": what}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I searched the whole house for my keys.", "en"),
        ("I always look up to my brother.", "en"),
        ("网上什么都有", "zh"),
        ("我找了一上午", "zh"),
    ],
)
def test_talk_of_searching_searches_nothing(text: str, language: Language) -> None:
    assert search.read(Transcript(text, language, 1.0)) is None
