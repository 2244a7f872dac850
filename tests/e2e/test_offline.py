"""After set-up nothing leaves the house: a whole turn, watched by the kernel, with no network at all."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from daemon_process import PROGRAM

ADDRESS = re.compile(r"sa_family=AF_INET6?.*?(?:inet_addr\(\"([^\"]+)\"\)|inet_pton\(AF_INET6, \"([^\"]+)\")")
LOOPBACK = ("127.", "::1")


def test_a_whole_turn_addresses_nobody(english: Path, models_dir: Path, tmp_path: Path) -> None:
    home, trace = tmp_path / "home", tmp_path / "trace"
    home.mkdir()
    command = [
        *("unshare", "--net", "--"),
        *("strace", "-f", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(trace)),
        *(str(PROGRAM), "--home", str(home / "life"), "--models", str(models_dir), "--set", "models.profile=small"),
        *("listen", "--json", "--out", str(tmp_path / "answers"), str(english)),
    ]
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_DATA_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    turn = json.loads(done.stdout.splitlines()[-1])
    assert "capital" in turn["heard"]
    assert Path(turn["audio"]).stat().st_size > 10_000
    addressed = [one or other for one, other in ADDRESS.findall(trace.read_text())]
    assert [each for each in addressed if not each.startswith(LOOPBACK)] == []
    assert [each for each in home.rglob("*") if "onnxruntime" in each.name or "Microsoft" in each.name] == []
