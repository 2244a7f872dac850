"""Whatever reads what others wrote is fed wrong bytes by `scripts/bench fuzz`."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from benches import foreign, fuzz, keepsakes, parsers
from benches.wrong import seeds

PACKAGE = Path(__file__).resolve().parents[2] / "daemon" / "digital_life"
READS = re.compile(
    r"(^|\.)(json|toml|tomllib|tomlkit|soundfile|np|zipfile|tarfile|pickle|ast|wave)"
    r"\.(loads|load|decode|parse|Decoder|SoundFile|read|info|blocks|ZipFile|open|Unpickler)$"
)
UNUSED = ("refused", "nothing")


def called(source: Path) -> Iterator[str]:
    """What it calls, and makes of its own."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
        elif isinstance(node, ast.ClassDef):
            yield from map(ast.unparse, node.bases)


def test_every_module_that_reads_what_others_wrote_has_a_case() -> None:
    reads = {
        source.relative_to(PACKAGE).as_posix()
        for source in PACKAGE.rglob("*.py")
        if any(READS.search(each) for each in called(source))
    }
    assert len(reads) > 40
    assert reads - parsers.FUZZED.keys() - parsers.OWN.keys() == set()


def test_every_case_that_is_named_is_there_and_every_module() -> None:
    assert set(parsers.FUZZED.values()) <= fuzz.SUBJECTS.keys()
    assert not parsers.FUZZED.keys() & parsers.OWN.keys()
    assert [name for name in (*parsers.FUZZED, *parsers.OWN) if not (PACKAGE / name).is_file()] == []


@pytest.mark.parametrize("name", [name for name, subject in fuzz.SUBJECTS.items() if seeds(subject.make)])
def test_what_is_true_is_taken(name: str) -> None:
    """Otherwise all that is made of it would be refused at the door."""
    subject, draws = fuzz.SUBJECTS[name], [Random(number) for number in range(60)]  # noqa: S311 - to be repeated
    for true in seeds(subject.make):
        came = {each for draw in draws for each in subject.take(true, draw)}
        assert [each for each in came if not each.startswith(UNUSED)] or b"error" in true, true


@pytest.mark.parametrize("name", keepsakes.READERS)
@pytest.mark.parametrize(
    "held",
    [
        b'{"a": "\xff"}',
        b'a = "\xff"',
        b'["\xc3"]',
        b"[" * 5_000,
        b"a = " + b"[" * 5_000,
        b'{"a":' * 5_000,
        b"",
        b"PK\3\4",
    ],
    ids=["half", "half TOML", "half in a list", "deep", "deep TOML", "deep tables", "empty", "cut"],
)
def test_a_file_that_was_damaged_stops_nothing(name: str, held: bytes) -> None:
    """One wrong byte in waiting.json, lock.json or a note of the home folder kept it from starting."""
    _make, take = keepsakes.READERS[name]
    assert list(take(held, Random(1)))  # noqa: S311 - to be repeated


@pytest.mark.parametrize("told", ["1e308", "-1e308", "9223372036854775808", "0.5"])
def test_a_recogniser_may_say_anything_of_how_sure_it_is(told: str) -> None:
    body = f'{{"text": "Hello.", "segments": [{{"text": "Hello.", "avg_logprob": {told}, "no_speech_prob": 0}}]}}'
    assert list(foreign.transcribe(body.encode(), Random(1))) in (["words"], ["nothing"])  # noqa: S311 - to be repeated


def test_without_its_library_guided_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "atheris", None)
    assert fuzz.guided(["settings"], 1) == 2
    assert "pip install atheris" in capsys.readouterr().err
