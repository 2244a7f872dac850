from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.outbox import CROWDED, MOST_TRIES, Outbox, Waiting
from digital_life.values import Published


def message(topic: str, text: str = "", *, qos: int = 1, retain: bool = False) -> Published:
    return Published(topic, text.encode(), 1 if qos else 0, retain)


def state(text: str, topic: str = "state") -> Published:
    return message(topic, text, qos=0, retain=True)


def payloads(box: Outbox) -> list[str]:
    return [each.message.payload.decode() for each in box.empty()]


def test_first_in_is_first_out_whether_retained_or_not() -> None:
    box = Outbox()
    for each in (state("a"), message("wake", "b", qos=0), state("c", "mood"), message("heard", "d")):
        box.put(each, away=False)
    assert len(box) == 4
    assert payloads(box) == ["a", "b", "c", "d"]
    assert box.take() is None


def test_while_the_broker_is_there_every_state_is_sent() -> None:
    box = Outbox()
    for each in "abc":
        box.put(state(each), away=False)
    assert payloads(box) == ["a", "b", "c"]


def test_while_it_is_away_only_the_latest_state_waits_and_what_must_not_be_late_does_not() -> None:
    box = Outbox()
    for each in (state("a"), message("event", "b"), message("latency", "c", qos=0), state("d"), message("event", "e")):
        box.put(each, away=True)
    assert payloads(box) == ["b", "d", "e"]
    assert box.dropped == 0


def test_where_too_much_waits_the_oldest_is_dropped_and_counted() -> None:
    box = Outbox(most=2)
    for each in "abcd":
        box.put(message("event", each), away=True)
        box.put(state(each, each), away=True)
    assert payloads(box) == ["c", "c", "d", "d"]
    assert box.dropped == 4


def test_events_never_push_out_a_state() -> None:
    box = Outbox(most=3)
    box.put(state("thinking"), away=True)
    for each in "abcdef":
        box.put(message("event", each), away=True)
    assert payloads(box) == ["thinking", "d", "e", "f"]


def test_the_bytes_are_bounded_too() -> None:
    box = Outbox(most_bytes=10)
    for each in ("12345", "12345", "67890", "far too long for it"):
        box.put(message("event", each), away=True)
    assert payloads(box) == []
    assert box.dropped == 4


def test_where_nothing_gets_out_only_the_latest_state_waits() -> None:
    box = Outbox()
    for number in range(CROWDED + 50):
        box.put(state(str(number)), away=False)
    box.put(state("other", "mood"), away=False)
    assert payloads(box) == [*map(str, [*range(CROWDED - 1), CROWDED + 49]), "other"]


def test_what_was_sent_in_vain_waits_before_all_others() -> None:
    box = Outbox()
    box.put(message("event", "later"), away=True)
    box.put(state("now"), away=True)
    box.give_back([Waiting(message("event", "sent")), Waiting(state("before")), Waiting(message("x", "gone", qos=0))])
    assert [(each.message.payload, each.tries) for each in box.empty()] == [(b"sent", 1), (b"later", 0), (b"now", 0)]


def test_what_the_broker_never_takes_is_dropped() -> None:
    box = Outbox()
    box.give_back([Waiting(message("event", "poison"), MOST_TRIES - 1), Waiting(message("event", "good"), 1)])
    assert payloads(box) == ["good"]
    assert box.dropped == 1


def test_what_waited_follows_unless_it_is_old_news() -> None:
    box = Outbox()
    box.put(state("idle"), away=False)
    box.follow([Waiting(state("thinking")), Waiting(message("event", "wake")), Waiting(state("glad", "mood"))])
    assert payloads(box) == ["idle", "wake", "glad"]


messages = st.builds(
    message,
    st.sampled_from("abc"),
    st.text(max_size=8),
    qos=st.sampled_from([0, 1]),
    retain=st.booleans(),
)


@given(st.lists(st.tuples(messages, st.booleans())), st.integers(1, 5), st.integers(1, 20))
def test_it_never_holds_more_than_it_may_nor_anything_twice(
    puts: list[tuple[Published, bool]], most: int, most_bytes: int
) -> None:
    box = Outbox(most=most, most_bytes=most_bytes)
    for each, away in puts:
        box.put(each, away=away)
        assert len(box) <= 2 * most
    held = [each.message for each in box.empty()]
    assert sum(len(each.payload) for each in held) <= 2 * most_bytes
    assert all(held.count(each) <= [one for one, _ in puts].count(each) for each in held)
    assert len(box) == 0


@given(st.lists(messages))
def test_the_last_of_each_topic_is_what_is_sent_last_of_it(puts: list[Published]) -> None:
    box = Outbox()
    for each in puts:
        box.put(each, away=True)
    kept = [each.message for each in box.empty()]
    for topic in "abc":
        said = [each for each in puts if each.topic == topic and each.retain]
        assert [each for each in kept if each.topic == topic and each.retain] == said[-1:]
