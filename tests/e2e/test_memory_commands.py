"""The commands that look into the memory, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from daemon_process import PROGRAM


def run(home: Path, *words: str, typed: str = "", fails: bool = False) -> str:
    environment = {**os.environ, "DIGITAL_LIFE_PASSPHRASE": "open sesame", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(PROGRAM), "--home", str(home), *words],
        input=typed, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert (done.returncode != 0) == fails, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def home(tmp_path: Path, data_dir: Path) -> Path:
    folder = tmp_path / "home"
    run(folder, "import", str(data_dir / "memory" / "memory_bank_en.json"), "--user", "Emily")
    return folder


def test_a_memory_is_searched_and_its_parts_are_told(home: Path) -> None:
    question = "Which novel about love am I reading?"
    found = [json.loads(line) for line in run(home, "memory", "recall", "--json", question).splitlines()]
    assert found[0]["kind"] == "turn"
    assert "Silent Separation" in found[0]["text"]
    assert {"id", "date", "score"} <= found[0].keys()
    assert found[0]["score"] == max(each["score"] for each in found)
    assert "10 conversations" in run(home, "memory", "stats")


def test_forgetting_asks_and_a_no_keeps_everything(home: Path) -> None:
    assert "Silent Separation" in run(home, "memory", "forget", "Silent Separation", typed="no\n", fails=True)
    assert "Silent Separation" in run(home, "memory", "search", "Silent Separation")
    run(home, "memory", "forget", "Silent Separation", typed="yes\n")
    assert "Silent Separation" not in run(home, "memory", "search", "Silent Separation")
    assert not any(b"Silent Separation" in path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_what_it_knows_is_corrected(home: Path) -> None:
    run(home, "memory", "edit", "user", typed="The user is called Emily.\nThe user paints.\n")
    shown = run(home, "memory", "show", "user")
    assert "The user is called Emily." in shown
    assert "The user paints." in shown


def test_what_a_way_of_remembering_writes_for_itself_is_shown(home: Path) -> None:
    recursive = ("--set", "memory.policy=recursive")
    assert "writes nothing" in run(home, "memory", "show", "notes")
    assert "recursive memory" not in run(home, "memory", "show")
    assert "recursive memory" in run(home, *recursive, "memory", "show")
    assert run(home, *recursive, "memory", "show", "notes").splitlines()[1:] == ["  nothing yet"]
    assert run(home, *recursive, "memory", "stats") == run(home, "memory", "stats")
    assert "Its notes" in run(home, "--set", "memory.policy=paged", "memory", "show", "notes")


def test_a_life_is_carried_to_another_home_and_back_to_memory_bank(home: Path, tmp_path: Path) -> None:
    archive, other = tmp_path / "emily.life", tmp_path / "other"
    run(home, "export", str(archive), "--encrypt")
    assert b"Silent" not in archive.read_bytes()
    run(other, "import", str(archive))
    assert run(other, "memory", "stats") == run(home, "memory", "stats")
    first, second = tmp_path / "one.json", tmp_path / "two.json"
    run(home, "export", "--format", "memorybank", str(first))
    run(tmp_path / "third", "import", str(first))
    run(tmp_path / "third", "export", "--format", "memorybank", str(second))
    assert json.loads(first.read_text(encoding="utf-8")) == json.loads(second.read_text(encoding="utf-8"))


def test_what_cannot_be_taken_in_is_refused_with_a_reason(home: Path, tmp_path: Path, data_dir: Path) -> None:
    before = (home / "life.db").read_bytes()
    several = data_dir / "memory" / "memory_bank_en.json"
    assert "Emily, Frank" in run(home, "import", str(several), fails=True)
    recipe = tmp_path / "recipe.json"
    recipe.write_text('{"cake": 3}', encoding="utf-8")
    assert "neither" in run(home, "import", str(recipe), fails=True)
    assert "cannot be read" in run(home, "import", str(tmp_path / "none.life"), fails=True)
    assert (home / "life.db").read_bytes() == before


def test_a_diary_of_no_day_is_asked_for_politely(home: Path) -> None:
    assert "names no day" in run(home, "diary", "show", "whenever", fails=True)
    assert "no diaries" in run(home, "diary", "show", "yesterday", fails=True)
    assert "no diary 7" in run(home, "diary", "delete", "7", fails=True)


def test_why_something_is_recalled_can_be_seen_and_how_it_fades(home: Path, tmp_path: Path) -> None:
    question = "Which novel about love am I reading?"
    found = [json.loads(line) for line in run(home, "memory", "recall", "--json", question).splitlines()]
    why = [json.loads(line) for line in run(home, "memory", "explain", "--json", question).splitlines()]
    assert [each["ref"] for each in why] == [each["id"] for each in found][: len(why)]
    assert "novel" in why[0]["words"]
    assert "Silent Separation" in run(home, "memory", "explain", question)
    run(home, "memory", "facts")
    run(home, "memory", "plot", "--out", str(tmp_path / "life.png"), "--days", "3650")
    assert (tmp_path / "life.png").read_bytes().startswith(b"\x89PNG")
