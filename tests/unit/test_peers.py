from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parents[2] / "scripts" / "peers"
HOME_ASSISTANT = PEERS / "home-assistant"
SATELLITE = PEERS / "wyoming_satellite.py"


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, HOME_ASSISTANT, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_where_no_python_can_run_it_that_is_said_and_has_a_status_of_its_own(tmp_path: Path) -> None:
    done = run("install", XDG_CACHE_HOME=str(tmp_path), HOME_ASSISTANT_PYTHON="/nowhere/python3.13")
    assert done.returncode == 69
    assert "needs Python 3.13" in done.stderr
    assert done.stdout == ""


def test_an_interpreter_of_another_version_is_not_taken(tmp_path: Path) -> None:
    older = tmp_path / "python3.13"
    older.write_text("#!/bin/sh\necho 3.12\necho /usr/bin/python3.12\n")
    older.chmod(0o755)
    done = run("install", XDG_CACHE_HOME=str(tmp_path), HOME_ASSISTANT_PYTHON=str(older))
    assert done.returncode == 69


def test_what_does_not_run_can_be_stopped(tmp_path: Path) -> None:
    assert run("stop", tmp_path).returncode == 0


def test_a_token_is_signed_with_the_key_that_lies_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".storage").mkdir()
    kept = {"data": {"refresh_tokens": [{"id": "reference", "jwt_key": "secret"}]}}
    (tmp_path / ".storage" / "auth").write_text(json.dumps(kept))
    head, claims, signature = run("token", tmp_path).stdout.strip().split(".")
    assert json.loads(decoded(claims))["iss"] == "reference"
    assert decoded(signature) == hmac.digest(b"secret", f"{head}.{claims}".encode(), hashlib.sha256)


def test_without_a_home_assistant_there_is_no_token(tmp_path: Path) -> None:
    done = run("token", tmp_path)
    assert done.returncode == 1
    assert "there is no Home Assistant in" in done.stderr


def test_a_satellite_that_is_asked_for_wrongly_says_how_it_is_installed() -> None:
    done = subprocess.run([sys.executable, SATELLITE, "start"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "wyoming_satellite.py install" in done.stderr


def test_a_satellite_that_is_there_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "digital-life" / "peers" / "wyoming-satellite-1.0.0"
    (place / "bin").mkdir(parents=True)
    for each in ("whole", "bin/python"):
        (place / each).touch()
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, SATELLITE, "install"], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == str(place)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
