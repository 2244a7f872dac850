"""A terminal shows the conversation; a log never does."""

from __future__ import annotations

import io
import logging
import os
import pty
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from digital_life import log, words
from digital_life.broadcast import Broadcast
from digital_life.console import Console, typed_lines
from digital_life.values import Reply, State, Timings, Transcript, Turn, WakeHeard, Written

HEARD = Transcript("my secret question", "en", 0.91)
TURN = Turn(
    number=3,
    began=datetime(2026, 11, 21, tzinfo=UTC),
    wake=WakeHeard("hey_jarvis", 0.97, 16_000),
    heard=HEARD,
    reply=Reply("a secret answer", unsaid="and more", interrupted=True),
    timings=Timings(endpoint=532.4, stt=0.0, first_audio=1012.0),
    by="Ada",
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(output: io.StringIO) -> str:
    console = Console(words.load("en"), output)
    for event in (State.IDLE, HEARD, TURN):
        console.show(event)
    return output.getvalue()


def test_a_terminal_shows_the_conversation() -> None:
    assert shown(Terminal()).splitlines() == [
        "[waiting for its wake word]",
        "Enter alone switches the microphone off and on.",
        "you: my secret question",
        "Ada: a secret answer [interrupted]",
    ]


def test_output_that_is_kept_shows_states_alone() -> None:
    assert shown(io.StringIO()).splitlines() == ["[waiting for its wake word]"]


@pytest.mark.parametrize(("pair", "typed"), [(pty.openpty, ["hello", "", "bye"]), (os.pipe, ["hello", "bye"])])
async def test_enter_alone_counts_at_a_terminal_only(pair: Callable[[], tuple[int, int]], typed: list[str]) -> None:
    ends = pair()
    reading, writing = (ends[1], ends[0]) if pair is pty.openpty else ends
    os.write(writing, b"hello\n\nbye\n")
    with os.fdopen(reading, encoding="utf-8") as source:
        lines = typed_lines(source)
        assert [(await anext(lines)).strip() for _ in typed] == typed
        await lines.aclose()
    os.close(writing)


def test_a_turn_is_one_line_with_its_latencies_and_none_of_its_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="digital_life"):
        for event in (State.IDLE, HEARD, TURN):
            log.event(event)
    assert [record.message for record in caplog.records] == [
        (
            "turn 3 wake=hey_jarvis:0.97 language=en confidence=0.91 said=15 interrupted=yes "
            "endpoint=532 stt=0 first_token=- first_audio=1012 total=-"
        )
    ]


def test_an_answer_in_writing_is_a_line_too_but_not_shown_as_talk(caplog: pytest.LogCaptureFixture) -> None:
    output = Terminal()
    with caplog.at_level(logging.INFO, logger="digital_life"):
        log.event(Written(TURN))
    Console(words.load("en"), output).show(Written(TURN))
    assert [record.message.split()[:2] for record in caplog.records] == [["turn", "3"]]
    assert output.getvalue() == ""


def test_a_listener_that_fails_does_not_keep_the_news_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_event: object) -> None:
        raise RuntimeError("I fail")

    seen: list[object] = []
    broadcast = Broadcast()
    broadcast.subscribe(broken)
    broadcast.subscribe(seen.append)
    broadcast.publish(State.IDLE)
    assert seen == [State.IDLE]
    assert "a listener failed" in caplog.text
