"""A long text: read once, asked about often."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory.pages import words_in
from digital_life.memory.reading import Mind, Reading, file_of
from digital_life.seal import is_shut
from fakes.sealed import key_in
from fakes.writer import FakeWriter

FILLER = " ".join(["filler"] * 95)
TEXT = "\n\n".join(
    f"{told} {FILLER}."
    for told in (
        "The harbour is grey.",
        "Peter came.",
        "He left.",
        "The market sells cheese.",
        "It was Friday.",
        "End.",
    )
)


def answering(rule: str, asked: str) -> str | None:
    """A model that reads well."""
    if "number of the place" in rule:
        return "1"
    if "write down what a page says" in rule:
        return asked.partition(".")[0] + "."
    if "STOP" in rule:
        return "STOP" if "Peter came" in asked else "1"
    if "must read again" in rule:
        return "2"
    return "Cheese." if "The market sells cheese. filler" in asked else "Grey."


async def near(_question: str, texts: Sequence[str]) -> list[float]:
    return [0.5] * len(texts)


def reading(kept: Path, writer: FakeWriter) -> Reading:
    mind = Mind(writer=writer, near=near, tokens=words_in, room=1500, gists=8)
    return Reading(TEXT, mind, kept=kept)


async def read(it: Reading) -> list[str]:
    return [page.gist async for page in it.pages()]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return file_of(tmp_path, TEXT, "model")


async def test_every_page_has_a_gist_and_its_lines(kept: Path) -> None:
    it = reading(kept, FakeWriter(answering))
    assert await read(it) == ["The harbour is grey.", "The market sells cheese."]
    assert [it.lines(page) for page in (1, 2)] == [(1, 5), (7, 11)]
    assert it.done == 1


async def test_it_is_read_once(kept: Path) -> None:
    gists = await read(reading(kept, FakeWriter(answering)))
    again = FakeWriter(answering)
    assert await read(reading(kept, again)) == gists
    assert again.asked == []


async def test_reading_goes_on_where_it_was_left(kept: Path) -> None:
    async for _ in (first := reading(kept, FakeWriter(answering))).pages():
        break
    assert first.done == 0.5
    second = FakeWriter(answering)
    assert len(await read(reading(kept, second))) == 2
    assert not any("harbour" in asked for asked in second.asked)


async def test_a_damaged_file_of_gists_is_written_anew(kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_text('[{"first": 0}]')
    assert len(await read(reading(kept, FakeWriter(answering)))) == 2


async def test_a_full_disk_costs_no_more_than_reading_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "readings").write_text("in the way")
    assert len(await read(reading(file_of(tmp_path, TEXT, "model"), FakeWriter(answering)))) == 2
    assert "cannot be kept" in caplog.text


async def test_pages_are_looked_up_at_once(kept: Path) -> None:
    it = reading(kept, FakeWriter(answering))
    await read(it)
    answer = await it.ask("What does the market sell?")
    assert (answer.text, answer.pages) == ("Cheese.", (2,))


async def test_pages_are_looked_up_one_by_one_until_it_is_enough(kept: Path) -> None:
    it = reading(kept, FakeWriter(answering))
    await read(it)
    answer = await it.ask("What colour has the harbour?", one_by_one=True)
    assert (answer.text, answer.pages) == ("Grey.", (1,))


async def test_the_likeliest_page_is_read_whatever_the_model_names(kept: Path) -> None:
    for named, pages in (("-", (2,)), ("1", (2, 1))):
        it = reading(kept, FakeWriter(lambda rule, asked: named if "must read" in rule else answering(rule, asked)))  # noqa: B023
        await read(it)
        assert (await it.ask("What does the market sell?")).pages == pages


async def test_a_model_that_fails_answers_nothing(kept: Path) -> None:
    it = reading(kept, FakeWriter(lambda _rule, _asked: None))
    await read(it)
    assert (await it.ask("What does the market sell?")).text == ""


def test_another_model_or_text_has_another_file(tmp_path: Path) -> None:
    assert len({file_of(tmp_path, text, model) for text in "ab" for model in "cd"}) == 4


async def test_the_gists_of_a_sealed_life_open_with_its_key_alone(tmp_path: Path) -> None:
    kept, key = tmp_path / "kept.json", key_in(tmp_path)
    mind = Mind(writer=FakeWriter(answering), near=near, tokens=words_in, room=1500, gists=8)
    gists = await read(Reading(TEXT, mind, kept=kept, seal=key))
    assert is_shut(kept.read_bytes())
    assert [each.gist for each in Reading(TEXT, mind, kept=kept, seal=key).read] == gists
    with pytest.raises(MemoryFileError, match=r"memory\.key_file"):
        Reading(TEXT, mind, kept=kept)
    kept.write_bytes(kept.read_bytes()[:-1])
    assert Reading(TEXT, mind, kept=kept, seal=key).read == []
