"""The agenda at the command line, as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from daemon_process import PROGRAM


def run(home: Path, *words: str, fails: bool = False, locale: str = "C.UTF-8") -> str:
    done = subprocess.run(
        [str(PROGRAM), "--home", str(home), "--now", "2026-11-21T10:05", "agenda", *words],
        capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": locale},
    )  # fmt: skip
    assert (done.returncode != 0) == fails, done.stderr
    return done.stdout + done.stderr


def test_what_is_added_is_listed_in_order_and_cancelled_by_its_number(tmp_path: Path) -> None:
    assert run(tmp_path) == "Nothing is set.\n"
    assert "tomorrow at 9 am: water the plants" in run(
        tmp_path, "add", "tomorrow", "at", "nine", "water", "the", "plants"
    )
    assert "every weekday at 7 am" in run(tmp_path, "add", "每个工作日七点")
    assert "in 20 minutes" in run(tmp_path, "add", "in twenty minutes")
    listed = [json.loads(line) for line in run(tmp_path, "--json").splitlines()]
    assert [(each["id"], each["kind"], each["what"]) for each in listed] == [
        (3, "alarm", ""),
        (1, "reminder", "water the plants"),
        (2, "alarm", ""),
    ]
    assert "There is no entry 9." in run(tmp_path, "cancel", "2", "9", fails=True)
    assert [line.split()[0] for line in run(tmp_path).splitlines()] == ["3", "1"]


def test_a_chinese_machine_tells_it_in_chinese(tmp_path: Path) -> None:
    assert "明天上午9点提醒你：浇花" in run(tmp_path, "add", "明天九点浇花", locale="zh_CN.UTF-8")


def test_what_names_no_time_is_refused(tmp_path: Path) -> None:
    assert "names no time" in run(tmp_path, "add", "water the plants", fails=True)
