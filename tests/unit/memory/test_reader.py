"""What the model makes of pages, and what is done where it fails."""

from __future__ import annotations

from digital_life.memory.pages import Page
from digital_life.memory.reader import Reader
from fakes.writer import FakeWriter

HARBOUR = "The harbour was built in 1821 by John Hale. It took nine years. It is grey."


def writing(answer: str | None) -> Reader:
    return Reader(FakeWriter(lambda _rule, _asked: answer), "en")


def pieces(*lengths: int) -> list[str]:
    return [" ".join(["word"] * each) for each in lengths]


async def test_the_model_chooses_among_the_places_where_a_page_may_end() -> None:
    reader = FakeWriter(lambda _rule, asked: "2" if "<3>" in asked and "<4>" not in asked else None)
    assert await Reader(reader, "en").page(pieces(9, 200, 100, 100, 100, 200), 1) == Page(1, 3)


async def test_where_there_is_one_place_nobody_is_asked() -> None:
    assert await writing("7").page(pieces(900, 20), 0) == Page(0, 0)


async def test_a_page_is_as_long_as_it_may_be_where_the_model_fails() -> None:
    for answer in (None, "", "12"):
        assert await writing(answer).page(pieces(200, 100, 100, 100, 300), 0) == Page(0, 3)


async def test_a_gist_is_held_to_its_page_sentence_by_sentence() -> None:
    said = "The harbour was built in 1821 by John Hale. Queen Victoria opened the harbour in 1830."
    assert await writing(said).gist(HARBOUR) == "The harbour was built in 1821 by John Hale."


async def test_an_extract_is_the_gist_where_the_model_invents_or_fails() -> None:
    for answer in (None, "Queen Victoria opened it in 1830."):
        assert "1821 by John Hale" in await writing(answer).gist(HARBOUR)


async def test_pages_are_named_at_once_or_none() -> None:
    gists = {2: "The harbour.", 5: "The market."}
    assert await writing("5,2").pages(gists, "What is sold?") == [5, 2]
    assert await writing("-").pages(gists, "What is sold?") == []
    assert await writing(None).pages(gists, "What is sold?") == []


async def test_the_next_page_is_one_that_is_not_open_yet() -> None:
    gists = {2: "The harbour.", 5: "The market."}
    assert await writing("5").next_page(gists, {2: HARBOUR}, "What is sold?") == 5
    assert await writing("STOP").next_page(gists, {2: HARBOUR}, "What is sold?") is None
    assert await writing("2").next_page({2: "The harbour."}, {2: HARBOUR}, "What is sold?") is None


async def test_a_gist_repeats_nothing_from_the_examples() -> None:
    said = "It is grey. It is grey and the herring came by ship."
    assert await writing(said).gist(HARBOUR) == "It is grey."


async def test_a_sentence_that_the_form_cut_off_is_no_gist() -> None:
    endless = " and".join(["The harbour took nine years"] * 7)[:190]
    assert await writing(f"{endless}. It is grey.").gist(HARBOUR) == "It is grey."
