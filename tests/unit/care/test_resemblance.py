"""What resembles what people in a crisis say."""

from __future__ import annotations

from digital_life.care import resemblance
from digital_life.care.care import Care
from digital_life.care.resemblance import GRAVEST, Line, Resemblance, together
from digital_life.config import Care as Settings
from digital_life.errors import MemoryFileError
from digital_life.values import Concern, Sign, Transcript
from fakes.care import FakeConcerns
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

LINES = (
    Line("nobody would miss me if i was gone", 1),
    Line("i have the rope in the garage for tonight", 3),
    Line("what a lovely day in the garden", 0),
    Line("put the rope in the garage please", 0),
    Line("tell me a joke about cats", 0),
)


def learned() -> Resemblance:
    embedder = FakeEmbedder()
    return Resemblance.learned(LINES, [embedder.query(each.text) for each in LINES])


def look(said: str, it: Resemblance | None = None) -> Concern:
    return (it or learned()).concern(FakeEmbedder().query(said))


def test_what_is_like_a_known_line_gives_cause_for_concern_and_names_that_line() -> None:
    concern = look("nobody would miss me if i was gone tomorrow")
    assert concern.level == 1
    assert concern.signs[0].words.endswith("nobody would miss me if i was gone")


def test_it_is_never_graver_than_thoughts() -> None:
    assert look("i have the rope in the garage for tonight").level == GRAVEST


def test_ordinary_talk_gives_none() -> None:
    assert look("a lovely day in the garden").level == 0
    assert look("what is the capital of france").level == 0


def test_what_was_kept_looks_the_same() -> None:
    embedder = FakeEmbedder()
    meanings = [embedder.query(each.text) for each in LINES]
    again = Resemblance.of(LINES, meanings, learned().regression.weights)
    for line in LINES:
        assert look(line.text, again) == look(line.text)


def test_the_known_lines_are_all_there_and_each_only_once() -> None:
    texts = [each.text for each in resemblance.lines()]
    assert len(texts) > 2_500
    assert {each.level for each in resemblance.lines()} == {0, 1, 2, 3}


def test_two_looks_are_told_together() -> None:
    sign = Sign("resembles", 2, "a line")
    assert together(Concern(0, (), "rules"), Concern(2, (sign,), "likeness")) == Concern(2, (sign,), "rules+likeness")


async def opened(alike: Concern | MemoryFileError) -> Care:
    async def resembles(_text: str) -> Concern:
        if isinstance(alike, MemoryFileError):
            raise alike
        return alike

    return await Care.open(
        settings=Settings(), concerns=FakeConcerns(), clock=FakeClock(), locale="", resembles=resembles
    )


async def test_it_is_asked_where_the_rules_know_nothing() -> None:
    care = await opened(Concern(1, (Sign("resembles", 1, "a line"),), "likeness"))
    assert (await care.look(Transcript("the light has gone out of everything", "en", 1.0))).level == 1
    assert (await care.look(Transcript("i want to kill myself", "en", 1.0))).level == 2


async def test_a_memory_that_fails_leaves_the_rules() -> None:
    care = await opened(MemoryFileError("life-failed", path="life.db", cause="it was told to"))
    assert (await care.look(Transcript("good morning", "en", 1.0))).level == 0
    assert (await care.look(Transcript("i want to kill myself", "en", 1.0))).level == 2
