"""docs/console.md says what is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.web import asking, connection, limits, outbox, sessions, sockets

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "console.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "said",
    [
        f"pages connected at once | {sockets.MOST} |",
        f"a message of a page | {sockets.LARGEST >> 10} KiB |",
        f"messages of a page | {1 / sockets.EACH_MESSAGE_S:.0f} a second, {sockets.MESSAGES_AT_ONCE} at once |",
        f"does not read | {outbox.MESSAGES} messages, {outbox.BYTES >> 20} MiB |",
        f"silence on a WebSocket | {sockets.HEARTBEAT_S:.0f} s, then {sockets.HEARTBEAT_S / 2:.0f} s",
        f"connections | {connection.MOST} |",
        f"head | {connection.HEADERS} lines of {connection.HEADER_BYTES / 1024:.0f} KiB, {connection.IDLE_S:.0f} s |",
        f"a body | {asking.BODY_BYTES >> 20} MiB |",
        f"a file that is sent to it | {asking.FILE_BYTES >> 30} GiB |",
        f"silence within a body | {asking.SILENCE_S:.0f} s |",
        f"once in {limits.EACH_S:.0f} s, by all addresses together {limits.AT_ONCE_IN_ALL} times",
        f"then once in {limits.EACH_IN_ALL_S:.0f} s. The token",
        f"logged in for {sessions.DAYS} days",
    ],
)
def test_each_limit_is_the_one_of_the_code(said: str) -> None:
    assert said in DOCS


def test_five_guesses_are_five() -> None:
    assert limits.AT_ONCE == 5
    assert "tried five times" in DOCS


def test_every_header_that_takes_the_free_way_is_one_we_know() -> None:
    assert {"X-Forwarded-For", "Forwarded", "Via"} <= set(asking.PASSED_ON)
