"""What waits for a page stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.web.outbox import Outbox, Outgoing


@given(st.lists(st.one_of(st.none(), st.binary(max_size=40))))
def test_it_is_in_order_and_never_more_than_it_may_be(steps: list[bytes | None]) -> None:
    outbox = Outbox(messages=3, size=60)
    waiting: list[bytes] = []
    for step in steps:
        if step is None:
            taken = outbox.take()
            assert (taken and taken.content) == (waiting.pop(0) if waiting else None)
        elif outbox.put(Outgoing(step, "text")):
            waiting.append(step)
        else:
            assert len(waiting) == 3 or len(step) + sum(map(len, waiting)) > 60
        assert len(waiting) <= 3
        assert sum(map(len, waiting)) <= 60


def test_when_it_is_cleared_it_has_room_again() -> None:
    outbox = Outbox(messages=2, size=10)
    assert outbox.put(Outgoing(b"0123456789", "sound"))
    assert not outbox.put(Outgoing(b"x", "sound"))
    outbox.clear()
    assert outbox.take() is None
    assert outbox.put(Outgoing(b"0123456789", "sound"))
