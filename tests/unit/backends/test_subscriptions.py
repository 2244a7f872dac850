from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.subscriptions import Subscriptions
from digital_life.values import Published
from fakes.broker import matches

levels = st.sampled_from(["", "a", "b", "$SYS", "客厅"])
topics = st.lists(levels, min_size=1, max_size=4).map("/".join)
patterns = st.lists(levels | st.just("+"), min_size=1, max_size=4).map("/".join) | st.lists(levels, max_size=3).map(
    lambda parts: "/".join([*parts, "#"])
)


def ignore(message: Published) -> None: ...


def note(message: Published) -> None: ...


def test_what_is_subscribed_to_is_told_to_the_broker_once() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a/+", ignore)
    subscriptions.add("b", ignore)
    assert [each.pattern for each in subscriptions.to_place()] == ["a/+", "b"]
    assert subscriptions.to_place() == []


def test_a_second_hearer_makes_the_broker_tell_again_what_it_keeps() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a", ignore)
    (first,) = subscriptions.to_place()
    subscriptions.add("a", note)
    (again,) = subscriptions.to_place()
    assert again.number == first.number


def test_after_a_loss_all_are_placed_again() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a", ignore)
    subscriptions.to_place()
    subscriptions.lose()
    assert [each.pattern for each in subscriptions.to_place()] == ["a"]


def test_the_broker_is_told_when_the_last_hearer_is_gone() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a", ignore)
    subscriptions.add("a", note)
    subscriptions.remove("a", ignore)
    assert subscriptions.to_remove() == []
    subscriptions.remove("a", note)
    subscriptions.remove("a", note)
    assert subscriptions.to_remove() == ["a"]
    assert subscriptions.to_remove() == []
    assert list(subscriptions.hearers("a", [])) == []


def test_who_comes_back_at_once_is_not_removed() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a", ignore)
    subscriptions.to_place()
    subscriptions.remove("a", ignore)
    subscriptions.add("a", ignore)
    assert subscriptions.to_remove() == []
    assert [each.pattern for each in subscriptions.to_place()] == ["a"]


def test_a_message_that_comes_once_for_each_pattern_is_heard_once_by_each() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a/#", ignore)
    subscriptions.add("a/b", note)
    wide, narrow = (each.number for each in subscriptions.to_place())
    assert list(subscriptions.hearers("a/b", [wide])) == [("a/#", ignore)]
    assert list(subscriptions.hearers("a/b", [narrow])) == [("a/b", note)]
    assert list(subscriptions.hearers("a/b", [narrow, wide])) == [("a/b", note), ("a/#", ignore)]


def test_what_comes_late_for_who_is_gone_is_heard_by_nobody() -> None:
    subscriptions = Subscriptions()
    subscriptions.add("a", ignore)
    (placed,) = subscriptions.to_place()
    subscriptions.remove("a", ignore)
    assert list(subscriptions.hearers("a", [placed.number])) == []


@given(st.lists(patterns, unique=True), topics)
def test_a_broker_that_does_not_say_why_is_understood_by_the_topic(wanted: list[str], topic: str) -> None:
    subscriptions = Subscriptions()
    for pattern in wanted:
        subscriptions.add(pattern, ignore)
    heard = {pattern for pattern, _ in subscriptions.hearers(topic, [])}
    assert heard == {pattern for pattern in wanted if matches(pattern, topic)}
