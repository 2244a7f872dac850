"""Writing while nobody waits, with a server that is away."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from digital_life.errors import AwayError, ModelError, PostponedError
from digital_life.memory.patient import PATIENCE_S, Patient
from digital_life.values import Message, Role
from fakes.clock import FakeClock

ASKED = (Message(Role.USER, "What was today like?"),)


class Away:
    """A Writer that fails with these errors, one after another, and then writes."""

    def __init__(self, *errors: ModelError, for_ever: bool = False) -> None:
        self._errors = list(errors)
        self._for_ever = for_ever
        self.asked = 0

    async def compose(
        self,
        messages: Sequence[Message],  # noqa: ARG002 - the port
        *,
        grammar: str,  # noqa: ARG002
        tokens: int,  # noqa: ARG002
        temperature: float = 0.0,  # noqa: ARG002
    ) -> str:
        self.asked += 1
        if self._errors:
            raise self._errors[0] if self._for_ever else self._errors.pop(0)
        return "calm"


async def write(writer: Away, clock: FakeClock, *, chance: float = 0.5) -> str:
    patient = Patient(writer, clock=clock, chance=lambda: chance)
    return await patient.compose(ASKED, grammar='root ::= "calm"', tokens=9)


async def test_who_is_busy_is_asked_again_after_longer_and_longer_pauses() -> None:
    clock = FakeClock()
    assert await write(Away(*[AwayError("server-busy")] * 3), clock, chance=1) == "calm"
    assert clock.slept == [2, 4, 8]


async def test_a_server_is_left_alone_for_as_long_as_it_asks() -> None:
    clock = FakeClock()
    await write(Away(AwayError("server-busy", after_s=30)), clock, chance=0.5)
    assert clock.slept == [31]


async def test_after_the_patience_it_is_put_off() -> None:
    writer, clock = Away(AwayError("server-unreachable", cause="refused"), for_ever=True), FakeClock()
    with pytest.raises(PostponedError, match="diary waits"):
        await write(writer, clock)
    assert clock.passed <= PATIENCE_S
    assert 5 < writer.asked < 30


async def test_who_wants_to_be_left_alone_for_too_long_is_not_waited_for() -> None:
    clock = FakeClock()
    with pytest.raises(PostponedError):
        await write(Away(AwayError("server-busy", after_s=2 * PATIENCE_S)), clock)
    assert clock.slept == []


async def test_what_no_waiting_helps_fails_at_once() -> None:
    clock = FakeClock()
    with pytest.raises(ModelError) as caught:
        await write(Away(ModelError("server-rejected", cause="400")), clock)
    assert not isinstance(caught.value, AwayError)
    assert clock.slept == []
