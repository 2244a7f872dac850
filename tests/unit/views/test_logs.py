"""The log as a page follows and keeps it."""

from __future__ import annotations

import logging

import pytest

from digital_life import words
from digital_life.errors import RequestError
from digital_life.log import Recent
from digital_life.views import logs
from digital_life.web.resource import Call, Download


def recent() -> Recent:
    kept = Recent()
    for level, text in ((logging.INFO, "one"), (logging.WARNING, "two"), (logging.INFO, "three")):
        kept.handle(logging.LogRecord("part", level, "", 0, text, None, None))
    return kept


async def follow(kept: Recent, **query: str) -> logs.Lines:
    show, _ = logs.resources(kept)
    answer = await show.answer(Call(words.load("en"), query=query))
    assert isinstance(answer, logs.Lines)
    return answer


async def test_lines_are_followed_from_the_last_that_was_seen() -> None:
    kept = recent()
    first = await follow(kept)
    assert ([each.text for each in first.lines], first.last) == (["one", "two", "three"], 3)
    assert (await follow(kept, after="3")).lines == []
    assert [each.text for each in (await follow(kept, after="1")).lines] == ["two", "three"]


async def test_of_a_level_only_those_lines_are_shown_and_all_are_counted() -> None:
    warnings = await follow(recent(), level="WARNING")
    assert ([each.text for each in warnings.lines], warnings.last) == (["two"], 3)


@pytest.mark.parametrize("query", [{"level": "DEBUG"}, {"level": "x"}, {"after": "-1"}, {"after": "²"}, {"after": ""}])
async def test_what_cannot_be_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(RequestError):
        await follow(recent(), **query)


async def test_they_are_kept_as_a_file() -> None:
    _, keep = logs.resources(recent())
    file = await keep.answer(Call(words.load("en"), query={"level": "WARNING"}))
    assert isinstance(file, Download)
    assert isinstance(file.content, bytes)
    assert file.content.decode().endswith(" WARNING part: two\n")
    assert file.name == "digital-life.log"
