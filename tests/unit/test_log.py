"""The latest lines of the log, kept to be looked at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import log


@pytest.fixture
def recent() -> Iterator[log.Recent]:
    log.log.setLevel(logging.DEBUG)
    kept = log.keep_recent()
    yield kept
    logging.getLogger().removeHandler(kept)
    log.log.setLevel(logging.NOTSET)


def test_what_is_logged_is_kept_and_can_be_followed(recent: log.Recent) -> None:
    log.log.info("one %s", "turn")
    logging.getLogger("someone.else").warning("loud")
    one, loud = recent.since(0)
    assert (one.text, one.level, loud.name) == ("one turn", "INFO", "someone.else")
    assert recent.since(one.number) == [loud]
    assert recent.since(0, level="WARNING") == [loud]
    assert recent.since(loud.number) == []


def test_what_was_said_is_never_kept_even_where_it_is_logged(recent: log.Recent) -> None:
    log.log.debug("said: %s", "a secret")
    assert recent.since(0) == []


def test_only_the_latest_are_kept(recent: log.Recent) -> None:
    for n in range(log.KEPT_LINES + 7):
        log.log.info("line %d", n)
    lines = recent.since(0)
    assert len(lines) == log.KEPT_LINES
    assert lines[0].text == "line 7"
    assert lines[-1].number == log.KEPT_LINES + 7


def test_a_traceback_is_kept_with_its_line(recent: log.Recent) -> None:
    def fail() -> None:
        raise KeyError("x" * 5000)

    try:
        fail()
    except KeyError:
        log.log.exception("it broke")
    (line,) = recent.since(0)
    assert line.text.startswith("it broke\nTraceback")
    assert len(line.text) == log.LONGEST


def _fail(said: str) -> None:
    raise KeyError(said)


def _fail_because(said: str) -> None:
    try:
        _fail(said)
    except KeyError as error:
        raise ExceptionGroup(said, [ValueError(said), OSError(said)]) from error


@given(said=st.text(alphabet="ÄÖÜäöü秘密", min_size=4))
def test_the_message_of_an_error_is_logged_for_whoever_asked_for_words_alone(said: str) -> None:
    log.log.setLevel(logging.INFO)
    kept = log.keep_recent()
    try:
        _fail_because(said)
    except ExceptionGroup:
        log.log.exception("it broke")
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nfuture: %r", said)
    finally:
        logging.getLogger().removeHandler(kept)
        log.log.setLevel(logging.NOTSET)
    for line in kept.since(0):
        assert said not in line.text
        kinds = [each for each in line.text.splitlines() if each in {"KeyError", "ExceptionGroup", "ValueError"}]
        assert kinds == ["KeyError", "ExceptionGroup", "ValueError"]
        assert "in _fail_because" in line.text


def test_threads_may_log_while_it_is_read(recent: log.Recent) -> None:
    def write() -> None:
        for n in range(300):
            log.log.info("line %d", n)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads):
        recent.since(0)
    for each in threads:
        each.join()
    assert [each.number for each in recent.since(0)] == list(range(701, 1201))
