"""What took the place of something that was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digital_life.memory import changes
from digital_life.memory.recall import Judged, Superseded
from digital_life.memory.records import Hit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(number: int, text: str, *, days: float, cosine: float = 0.8, shares: dict[int, float] | None = None) -> Judged:
    when = NOW - timedelta(days=days)
    hit = Hit(number, "turn", number, when, text, 1, when, cosine, 0.0, conversation=number, shares=shares or {})
    return Judged(hit, 0.5)


def order(question: str, *found: Judged) -> list[int]:
    return [each.hit.id for each in changes.ordered(found, question)]


SONG = [told(n, "We sang a song together.", days=n, cosine=0.85) for n in range(90, 96)]
"""So near that nothing else is about the same merely because it is near."""


@pytest.mark.parametrize(
    ("question", "is_about"),
    [
        ("Where do I live?", "now"),
        ("Where did I live before?", "before"),
        ("What was my previous dog's name?", "before"),
        ("What did I eat in Rome?", "happened"),
        ("我住在哪里？", "now"),
        ("我以前住在哪里？", "before"),
        ("你给我推荐过什么电影？", "happened"),
    ],
)
def test_a_question_is_about_now_about_before_or_about_what_happened(question: str, is_about: str) -> None:
    assert changes.asked(question) == is_about


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("I quit smoking two months ago.", True),
        ("Karen left; my new manager is David.", True),
        ("我把丰田卖了，买了一辆比亚迪。", True),
        ("以后别叫我小明了，叫我阿明。", True),
        ("If I moved to Paris, I would learn French.", False),
        ("I'm not moving to Paris.", False),
        ("I moved to the moon, just kidding!", False),
        ("Did I tell you that I quit smoking?", False),
        ("要是我搬到巴黎就好了。", False),
        ("我没有搬家。", False),
        ("I like tea.", False),
    ],
)
def test_a_wish_a_guess_a_joke_and_a_denial_change_nothing(said: str, changed: bool) -> None:  # noqa: FBT001
    assert changes.tells_of_change(said) is changed


def test_the_new_fact_stands_before_the_old_one_and_behind_it_on_before() -> None:
    old = told(1, "I drive a red Honda Civic.", days=100)
    new = told(2, "Sold the Civic, I have a blue Tesla now.", days=10, shares={1: 0.3})
    assert order("What car do I drive?", old, *SONG, new)[:2] == [2, 1]
    assert order("What car did I drive before?", new, *SONG, old)[:2] == [1, 2]


def test_the_old_fact_is_not_told_without_the_new_one() -> None:
    old = replace(told(1, "My dog is called Rex.", days=100), certain=0.9)
    new = told(2, "Rex passed away. We adopted a puppy named Luna.", days=10, shares={1: 0.3})
    assert changes.ordered([old, *SONG, new], "What is my dog's name?")[0].certain == 0.9


def test_what_happened_stays_in_its_order() -> None:
    old = told(1, "I bought a red Honda Civic.", days=100, shares={2: 0.5})
    new = told(2, "I sold the Civic.", days=10)
    assert order("When did I buy the Civic?", old, *SONG, new)[0] == 1


def test_from_one_to_another_and_back_the_last_one_holds() -> None:
    first = told(1, "I live in Rome.", days=300, shares={3: 0.5})
    second = told(2, "I moved from Rome to Oslo.", days=200, shares={1: 0.5})
    third = told(3, "I moved back to Rome.", days=100, shares={1: 0.5, 2: 0.5})
    assert order("Where do I live?", first, *SONG, second, third)[0] == 3


def test_somebody_elses_fact_takes_no_place() -> None:
    old = told(1, "I drive a red Honda Civic.", days=100)
    other = told(2, "My neighbour sold his Civic.", days=10, shares={1: 0.4})
    assert order("What car do I drive?", old, *SONG, other)[0] == 1


def test_what_has_nothing_in_common_takes_no_place() -> None:
    old = told(1, "I drive a red Honda Civic.", days=100)
    other = told(2, "I moved to another office.", days=10)
    assert order("What car do I drive?", old, *SONG, other)[0] == 1


def test_what_is_nearly_the_same_needs_no_word_of_change() -> None:
    old = told(1, "My rent is 900 euros.", days=100, shares={2: 0.6})
    new = told(2, "The landlord wants 1050 euros of rent.", days=10)
    assert order("How much is my rent?", old, new, *SONG)[0] == 2


def test_people_tell_in_other_words_what_changed() -> None:
    assert "moved" in changes.telling_words("Where do I live?")
    assert "搬" in changes.telling_words("我住在哪里？")
    assert changes.telling_words("Where did I live before?") == ()
    old = told(1, "I live in Boston.", days=100)
    hit = told(2, "We moved to Denver.", days=10).hit
    new = Judged(Hit(2, "turn", 2, hit.when, hit.text, 1, hit.when, 0.7, 0.0, conversation=2, of_change=True), 0.1)
    assert order("Where do I live?", old, *SONG, new)[0] == 2


def test_what_does_not_hold_any_more_says_since_when_and_what_does() -> None:
    old = told(1, "I drive a red Honda Civic.", days=100)
    new = told(2, "Sold the Civic, I have a blue Tesla now.", days=10, shares={1: 0.3})
    for question in ("What car do I drive?", "What car did I drive before?"):
        by_id = {each.hit.id: each.superseded for each in changes.ordered([old, *SONG, new], question)}
        assert by_id.pop(1) == Superseded(2, new.hit.when)
        assert set(by_id.values()) == {None}
    assert all(each.superseded is None for each in changes.ordered([old, new], "When did I sell the Civic?"))


def test_from_one_to_another_and_back_the_first_held_until_the_other() -> None:
    first = told(1, "I live in Rome.", days=300, shares={2: 0.5, 3: 0.5})
    second = told(2, "I moved from Rome to Oslo.", days=200, shares={1: 0.5})
    third = told(3, "I moved back to Rome.", days=100, shares={1: 0.5, 2: 0.5})
    found = {each.hit.id: each for each in changes.ordered([first, second, third], "Where do I live?")}
    assert found[1].superseded == Superseded(3, second.hit.when)
    assert found[2].superseded == Superseded(3, third.hit.when)
    assert found[3].superseded is None


def test_what_is_merely_near_is_not_said_to_have_taken_a_place() -> None:
    old = told(1, "The weather is lovely.", days=100, cosine=0.78)
    new = told(2, "I have a new car now.", days=10, cosine=0.79)
    assert all(each.superseded is None for each in changes.ordered([old, new], "What is new?"))


@pytest.mark.parametrize(
    "joke", ["If I sold the Civic, I would walk.", "I haven't sold the Civic.", "要是卖了就好了。"]
)
def test_a_guess_and_a_denial_supersede_nothing(joke: str) -> None:
    old, new = told(1, "I drive a Civic.", days=100), told(2, joke, days=10, shares={1: 0.5})
    assert all(each.superseded is None for each in changes.ordered([old, new], "What car do I drive?"))
