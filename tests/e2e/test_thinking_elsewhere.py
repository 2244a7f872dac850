"""A talk with the installed command, while a real server thinks for it and when that server is killed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from daemon_process import PROGRAM
from language_server import KEY, LanguageServer, serving

QUESTION = "What is the capital of France?"
PATIENT = ("llm.server.first_token_s=120", "llm.server.stall_s=60")


@pytest.fixture
def server(models_dir: Path, tmp_path: Path) -> Iterator[LanguageServer]:
    file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    with serving(file, tmp_path / "log", context=4096) as it:
        yield it


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o600)
    return file


def run(
    server: LanguageServer, key: Path, models: Path, *words: str, local: bool, home: str = "home"
) -> subprocess.CompletedProcess[str]:
    at = (
        f"llm.server.address={server.address}",
        f"llm.server.key_file={key}",
        f"llm.server.local={str(local).lower()}",
    )
    settings = [
        part for each in (*at, *PATIENT, "llm.temperature=0", "models.profile=small") for part in ("--set", each)
    ]
    return subprocess.run(
        [str(PROGRAM), "--home", str(key.parent / home), "--models", str(models), *settings, *words],
        capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


def test_the_server_answers_and_when_it_is_killed_this_machine_does(
    server: LanguageServer, key: Path, models_dir: Path
) -> None:
    chat = ("chat", "--message", QUESTION)
    done = run(server, key, models_dir, *chat, local=False)
    assert "Paris" in done.stdout, done.stderr
    done = run(server, key, models_dir, "chat", "--message", "法国的首都是哪里？", local=True)
    assert "巴黎" in done.stdout, done.stderr
    assert server.answers >= 2
    assert done.stderr == ""

    server.kill()
    done = run(server, key, models_dir, *chat, local=True)
    assert "Paris" in done.stdout
    assert done.stderr.count("cannot be reached") == 1
    done = run(server, key, models_dir, *chat, local=False)
    assert done.returncode == 0
    assert "Paris" not in done.stdout
    assert "cannot be reached" in done.stderr
    assert KEY not in done.stderr


def test_several_lives_are_answered_by_one_server_at_once(server: LanguageServer, key: Path, models_dir: Path) -> None:
    asked = {"France": "Paris", "Italy": "Rome", "Japan": "Tokyo"}

    def ask(country: str) -> subprocess.CompletedProcess[str]:
        question = f"What is the capital of {country}?"
        return run(server, key, models_dir, "chat", "--message", question, local=False, home=country)

    with ThreadPoolExecutor(len(asked)) as threads:
        for country, done in zip(asked, threads.map(ask, asked), strict=True):
            assert asked[country] in done.stdout, done.stderr


def test_the_doctor_tells_how_the_server_does(server: LanguageServer, key: Path, models_dir: Path) -> None:
    done = run(server, key, models_dir, "doctor", "--json", local=True)
    found = {each["part"]: each for each in map(json.loads, done.stdout.splitlines())}
    assert found["language server"]["health"] != "broken"
    assert "it keeps to grammars" in found["language server"]["found"]
