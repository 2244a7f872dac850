"""What the doctor finds of the machine around it: swap, profile, clock, ports and certificate."""

from __future__ import annotations

import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

import psutil

from digital_life import app
from digital_life.backends import process, systemctl
from digital_life.binding import bind
from digital_life.errors import DigitalLifeError
from digital_life.finding import Finding, Health
from digital_life.profile import GIGABYTE
from digital_life.secretfile import path_of
from digital_life.web.server import REFUSALS
from digital_life.web.tls import OVER, valid_until

if TYPE_CHECKING:
    from digital_life.backends.process import Program
    from digital_life.context import Context

SWAPPED: Final = 0.2
"""Of the machine's memory: with more in the swap, answers wait for the disk."""
SOON: Final = timedelta(days=14)
ANSWER_S: Final = 1.0
"""So long a port of this machine, or the clock's service, may take to answer."""


def check(context: Context, running: Sequence[Program]) -> list[Finding]:
    """`running` are the daemons of this home. Blocking."""
    return [*_swap(context), *_profile(context), *_clock(context), *_ports(context, running), *_certificate(context)]


def _swap(context: Context) -> Iterator[Finding]:
    swapped, memory, text = psutil.swap_memory().used, psutil.virtual_memory().total, context.words.text
    if swapped > SWAPPED * memory:
        found = text("doctor.swap", used=f"{swapped / GIGABYTE:.1f}")
        yield Finding("swap", Health.WEAK, found, text("doctor.swap-advice"))


def _profile(context: Context) -> Iterator[Finding]:
    """Whether the machine has room for the models that were asked for."""
    chosen, text = app.profile_of(context), context.words.text
    wanted, there = chosen.demand.memory_gb, chosen.machine.memory_bytes / GIGABYTE
    if chosen.name == "better" and there < wanted and not context.settings.llm.server.alone:
        found = text("doctor.profile", wanted=f"{wanted:g}", there=f"{there:.1f}")
        yield Finding("profile", Health.WEAK, found, text("doctor.profile-advice"))


def _clock(context: Context) -> Iterator[Finding]:
    """Whether somebody sets the clock right, where systemd can tell."""
    program = shutil.which("timedatectl")
    if program is None or not systemctl.is_there():
        return
    line = (program, "show", "--property=NTP", "--property=NTPSynchronized")
    try:
        said = subprocess.run(line, capture_output=True, text=True, timeout=ANSWER_S, check=False).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return
    text = context.words.text
    if "NTP=no" in said and "NTPSynchronized=no" in said:
        yield Finding("clock", Health.WEAK, text("doctor.clock-alone"), text("doctor.clock-advice"))


def _ports(context: Context, running: Sequence[Program]) -> Iterator[Finding]:
    """Whether those that are to be opened are its own, or can be."""
    settings = context.settings
    if settings.web.enabled and settings.web.port:
        yield from _port("web", settings.web.host, settings.web.port, context, running)
    if settings.metrics.enabled and settings.metrics.port:
        yield from _port("metrics", settings.metrics.host, settings.metrics.port, context, running)


def _port(part: str, host: str, port: int, context: Context, running: Sequence[Program]) -> Iterator[Finding]:
    text = context.words.text
    try:
        with bind(host, 0, REFUSALS) as free:  # a port that nobody asked for: the address is looked at
            answers = _answers(free.getsockname()[0], port)
    except DigitalLifeError as error:
        if part == "web":
            yield Finding(part, Health.WEAK, error.sentence(context.words.language))
        return
    if not answers or any(process.listens(each.process, port) for each in running):
        return
    advice = text("doctor.port-advice", part=part, port=port)
    yield Finding(part, Health.WEAK, text("doctor.port", port=port), advice)


def _answers(host: str, port: int) -> bool:
    """Whether somebody listens there; nothing is said to them."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with
    try:
        with socket.create_connection((everywhere.get(host, host), port), timeout=ANSWER_S):
            return True
    except OSError:
        return False


def _certificate(context: Context) -> Iterator[Finding]:
    """Whether browsers take it, and for how long."""
    settings, text = context.settings.web, context.words.text
    if not settings.enabled:
        return
    try:
        until = valid_until(settings)
    except DigitalLifeError as error:
        advice = _renewing(context) if error.key == OVER else ""
        yield Finding("certificate", Health.BROKEN, error.sentence(context.words.language), advice)
        return
    if until is None:
        return
    soon = until - context.clock.now().astimezone(UTC) < SOON
    found = text("doctor.certificate", day=f"{until:%Y-%m-%d}")
    yield Finding("certificate", Health.WEAK if soon else Health.WELL, found, _renewing(context) if soon else "")


def _renewing(context: Context) -> str:
    settings = context.settings.web
    certificate, signed_by = (
        shlex.quote(str(path_of(file))) for file in (settings.certificate_file, settings.key_file)
    )
    return context.words.text("doctor.certificate-advice", certificate=certificate, signed_by=signed_by)
