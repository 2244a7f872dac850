"""Two networks of their own with a cable between them: all that leaves the one is seen in the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

HERE, THERE = "10.213.0.1", "10.213.0.2"
"""Of the life, and of the broker, to which also all goes that is for anywhere else."""
READY_S = 10.0
SEEING = """
import socket, struct, sys
ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
ear.bind(("cable1", 0))
print("ready", flush=True)
while True:
    frame, about = ear.recvfrom(65535)
    kind = struct.unpack("!H", frame[12:14])[0]
    packet = frame[14:]
    if about[2] == socket.PACKET_OUTGOING:
        continue
    if kind == 0x0800:
        begins, protocol, to = (packet[0] & 15) * 4, packet[9], socket.inet_ntoa(packet[16:20])
    elif kind == 0x86DD:
        begins, protocol, to = 40, packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40])
    else:
        continue
    port = struct.unpack("!H", packet[begins + 2:begins + 4])[0] if protocol in (6, 17) else 0
    print(protocol, to, port, flush=True)
"""
"""Tells of each packet that came: its protocol, for whom it is, and the port. Not of how machines find each other."""
NEIGHBOURS = ("0", "58")
"""ICMPv6 and its hop-by-hop options: the kernel itself announces the cable's address by them."""


class Networks:
    """From `with` to its end. `within` starts a program in the network of the life, `outside` in that of the broker."""

    def __init__(self, folder: Path) -> None:
        self._seen = folder / "packets"
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        if os.geteuid() != 0 or not all(map(shutil.which, ("ip", "unshare", "nsenter"))):
            pytest.skip("networks of their own need root, ip, unshare and nsenter")
        inside, outside = (
            self._start("unshare", "--net", "sleep", "infinity"),
            self._start("unshare", "--net", "sleep", "infinity"),
        )
        self.within = ("nsenter", "--target", str(inside.pid), "--net", "--")
        self.outside = ("nsenter", "--target", str(outside.pid), "--net", "--")
        _until_apart(inside.pid, outside.pid)
        self._lay(outside.pid)
        with self._seen.open("wb") as written:
            self._running.append(subprocess.Popen([*self.outside, sys.executable, "-c", SEEING], stdout=written))
        ends = time.monotonic() + READY_S
        while b"ready" not in self._seen.read_bytes():
            assert time.monotonic() < ends, "nobody listens at the cable"
            time.sleep(0.05)
        return self

    def __exit__(self, *_exc: object) -> None:
        for each in self._running:
            each.kill()
            each.wait()

    @property
    def sent(self) -> list[tuple[str, int]]:
        """The address and the port of every packet that left the network of the life."""
        lines = [line.split() for line in self._seen.read_text().splitlines() if line != "ready"]
        return [(to, int(port)) for protocol, to, port in lines if protocol not in NEIGHBOURS]

    def broker(self, folder: Path, port: int) -> None:
        """A broker outside."""
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed: scripts/setup --tests")
        settings = folder / "mosquitto.conf"
        settings.write_text(f"listener {port} {THERE}\nallow_anonymous true\n")
        self._start(*self.outside, program, "-c", str(settings))

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        self._running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        return self._running[-1]

    def _lay(self, outside: int) -> None:
        """The cable; everything that is not of this machine goes through it."""
        ip = (*self.within, "ip")
        for command in (
            (*ip, "link", "set", "lo", "up"),
            (*ip, "link", "add", "cable0", "type", "veth", "peer", "name", "cable1", "netns", str(outside)),
            (*self.outside, "ip", "address", "add", f"{THERE}/24", "dev", "cable1"),
            (*self.outside, "ip", "link", "set", "cable1", "up"),
            (*ip, "address", "add", f"{HERE}/24", "dev", "cable0"),
            (*ip, "link", "set", "cable0", "up"),
            (*ip, "route", "add", "default", "via", THERE),
        ):
            subprocess.run(command, check=True, timeout=READY_S)


def _until_apart(*processes: int) -> None:
    """`unshare` takes a moment until its process is in a network of its own."""
    own = Path("/proc/self/ns/net").readlink()
    ends = time.monotonic() + READY_S
    while any(Path(f"/proc/{each}/ns/net").readlink() == own for each in processes):
        assert time.monotonic() < ends, "there is no network of its own"
        time.sleep(0.02)
