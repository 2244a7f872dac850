"""The latest lines of the log, kept to be looked at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import log
from digital_life.values import Reply, Timings, Transcript, Turn


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


class Kept(logging.Handler):
    """A journal that keeps what it is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """The journal in the place of all handlers."""
    kept, root = Kept(), logging.getLogger()
    monkeypatch.setattr(log, "_journal", lambda: log.Journal(kept))
    before = root.handlers[:]
    for each in before:
        root.removeHandler(each)
    level = root.level
    log.configure("INFO", under_systemd=True)
    yield kept
    root.handlers[:] = before
    root.setLevel(level)
    log.log.setLevel(logging.NOTSET)
    log.stages.setLevel(logging.NOTSET)


def test_the_journal_has_a_turn_with_its_stages_as_fields_and_none_of_the_words(journal: Kept) -> None:
    times = Timings(endpoint=500.4, stt=120.0, first_token=None, first_audio=900.0, total=2000.0)
    heard = Transcript("a secret question", "en", 0.9)
    log.event(Turn(3, datetime.now(UTC), None, heard, Reply("a secret answer"), times))
    fields = [(each.levelname, each.__dict__["STAGE"], each.__dict__["MILLISECONDS"]) for each in journal.records]
    assert fields == [
        ("INFO", "total", "2000"),
        ("DEBUG", "endpoint", "500"),
        ("DEBUG", "stt", "120"),
        ("DEBUG", "first_audio", "900"),
    ]
    assert {each.__dict__["TURN"] for each in journal.records} == {"3"}
    assert not [each for each in journal.records if "secret" in str(each.__dict__)]


def test_a_line_of_the_journal_holds_its_arguments_and_its_traceback_in_words(journal: Kept) -> None:
    try:
        int("lost")
    except ValueError:
        log.log.exception("part %s broke", "one")
    (record,) = journal.records
    assert record.getMessage().startswith("digital_life: part one broke\nTraceback")
    assert (record.args, record.exc_info, record.levelname) == (None, None, "ERROR")
