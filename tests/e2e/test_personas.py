"""Several personas in one home, as a person meets them by typing."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from daemon_process import PROGRAM

SETTINGS = """
[models]
profile = "small"
[llm]
temperature = 0.0
[[personas]]
name = "Ada"
character = "a cheerful mathematician"
[[personas]]
name = "小雅"
language = "zh"
life = "ya"
"""


def run(home: Path, *words: str, typed: str = "") -> tuple[str, str]:
    """What it printed, and what it said beside that: the prompts."""
    done = subprocess.run(
        [str(PROGRAM), "--home", str(home), *words],
        input=typed,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return done.stdout, done.stderr


def chat(home: Path, *lines: str) -> tuple[list[str], str]:
    """Who answered each line; all that was said, and all that the model saw."""
    printed, seen = run(home, "chat", "--json", "--show-context", typed="\n".join(lines))
    return [json.loads(line)["by"] for line in printed.splitlines()], printed + seen


def test_each_knows_its_name_and_a_life_of_its_own_knows_nothing_of_the_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "digital-life.toml").write_text(SETTINGS, encoding="utf-8")

    answered, seen = chat(home, "My sister is called Anna.", "Switch to 小雅.")
    assert answered == ["Jarvis", "Jarvis"]
    assert "You are Jarvis" in seen

    answered, seen = chat(home, "What is my sister called?", "Tell me a joke.")  # after a restart
    assert answered == ["小雅", "小雅"]
    assert "You are 小雅" in seen
    assert "Anna" not in seen

    answered, seen = chat(home, "Let me talk to Ada.", "What is my sister called?")
    assert answered == ["小雅", "Ada"]
    assert "You are Ada, a cheerful mathematician" in seen
    assert "Anna" in seen

    assert "* Ada" in run(home, "persona")[0]
