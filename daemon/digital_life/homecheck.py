"""What the doctor finds in the home folder: it reads, and neither changes nor locks anything there."""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from digital_life import mishaps
from digital_life.backends import process
from digital_life.backends.process import Program
from digital_life.devices import file as devices_file
from digital_life.errors import ConfigError, MemoryFileError
from digital_life.finding import Finding, Health
from digital_life.malformed import WRITTEN
from digital_life.memory import copies, lifefile, waiting
from digital_life.seal import DamagedError

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.values import Turn

WAITING_S: Final = 60.0
"""What is being answered waits too; for longer than this, it could not be kept."""
LATELY: Final = timedelta(days=1)
"""What went wrong before is over."""
AHEAD: Final = timedelta(hours=1)
"""A file may be so much newer than now: another machine's clock wrote it."""
RUN: Final = "run"
"""The command of the daemon."""
_Told = tuple[str, str]
"""What is found, and what to type."""


def daemons(home: Path) -> tuple[Program, ...]:
    """Those that live in this home just now."""
    return tuple(each for each in process.users_of(home / copies.LOCK) if RUN in each.command)


def check(context: Context, running: Sequence[Program]) -> list[Finding]:
    """`running` are the daemons of this home."""
    if not context.home.is_dir():
        return []
    return [
        *_home(context),
        *_lives(context, running),
        *_waiting(context, running),
        *_aside(context),
        *_daemons(context, running),
        *_end(context, running),
        *_mishaps(context),
        *_clock(context),
        *_devices(context),
    ]


def is_sound(findings: Sequence[Finding]) -> bool:
    """Whether the life can be tried."""
    return not any(each.part in ("home folder", "memory file") and each.health is Health.BROKEN for each in findings)


def _home(context: Context) -> list[Finding]:
    """Whether what lies there may be read and written by who lives there."""
    faults = (_read_only, _of_another, _strange, _shut)
    found = next(filter(None, (fault(context) for fault in faults)), None)
    if found is None:
        return [Finding("home folder", Health.WELL, str(context.home))]
    return [Finding("home folder", Health.BROKEN, *found)]


def _read_only(context: Context) -> _Told | None:
    if not os.statvfs(context.home).f_flag & os.ST_RDONLY:
        return None
    mount, text = _mount(context.home), context.words.text
    return text("doctor.home-read-only", mount=mount), text("doctor.home-read-only-advice", mount=_typed(mount))


def _of_another(context: Context) -> _Told | None:
    """Elsewhere than among the files of who asks: nothing of it is to be given to them."""
    home, text = context.home, context.words.text
    owner = home.stat().st_uid
    if owner == _owner(home) or home.resolve().is_relative_to(Path.home()):
        return None
    command = f"sudo -u '#{owner}' {_command(context, 'doctor')}"
    return text("doctor.home-other", owner=owner), text("doctor.home-other-advice", command=command)


def _strange(context: Context) -> _Told | None:
    """Where it really lies: of a user that exists while a service runs, systemd leads there by a link of its own."""
    home, text = context.home.resolve(), context.words.text
    strange = [each for each in (home, *_files(home)) if _about(each).st_uid != _owner(home)]
    if not strange:
        return None
    found = text("doctor.home-strange", count=len(strange), path=strange[0])
    return found, text("doctor.home-strange-advice", owner=_owner(home), home=_typed(home))


def _shut(context: Context) -> _Told | None:
    home, text = context.home.resolve(), context.words.text
    written = (each for each in (home, *_files(home)) if _is_written(each))
    shut = next((each for each in written if not _about(each).st_mode & stat.S_IWUSR), None)
    if shut is None:
        return None
    return text("doctor.home-shut", path=shut), text("doctor.home-shut-advice", home=_typed(home))


def _owner(home: Path) -> int:
    """Who is to have all that lies there; an administrator looks at somebody's home."""
    return os.geteuid() or home.stat().st_uid


def _lives(context: Context, running: Sequence[Program]) -> list[Finding]:
    """Whether the file of each life can be used, is whole and of a version that is known."""
    files = [context.home / copies.LIFE, *sorted((context.home / "lives").glob(f"*/{copies.LIFE}"))]
    return [_life(each, context, running) for each in files if each.exists()]


def _life(life: Path, context: Context, running: Sequence[Program]) -> Finding:
    text = context.words.text
    try:
        lifefile.check(life, seal=context.seal())
    except MemoryFileError as error:
        advice = ""
        if error.key == "life-damaged":
            key = "doctor.life-advice-running" if running else "doctor.life-advice"
            newest = next(reversed(copies.copies(life.parent)), None)
            copy = newest.stem.removeprefix("life-") if newest else text("doctor.life-no-copy")
            advice = text(key, open=_opening(context), copy=copy)
        return Finding("memory file", Health.BROKEN, error.sentence(context.words.language), advice)
    return Finding("memory file", Health.WELL, text("doctor.life-whole", path=life))


def _waiting(context: Context, running: Sequence[Program]) -> list[Finding]:
    """Whether something that was said could not be kept yet."""
    text, path = context.words.text, context.home / waiting.FILE
    try:
        turns = waiting.left(context.home, context.seal())
    except MemoryFileError:  # what is wrong with the key, the finding on the seal tells
        return []
    except (OSError, DamagedError, *WRITTEN):
        advice = text("doctor.waiting-damaged-advice", path=_typed(path))
        return [Finding("waiting", Health.WEAK, text("doctor.waiting-damaged", path=path), advice)]
    late = [each for each in turns if _is_late(each, context)]
    if (running and not late) or not turns:
        return []
    since = min(each.began for each in turns)
    found = text("doctor.waiting", count=len(turns), since=_told(since))
    return [Finding("waiting", Health.WEAK, found, _waiting_advice(context, running))]


def _waiting_advice(context: Context, running: Sequence[Program]) -> str:
    text = context.words.text
    if not running:
        return text("doctor.waiting-advice", open=_opening(context))
    known = {each.process for each in process.users_of(context.home / copies.LOCK)} | {os.getpid()}
    others = [each for each in process.users_of(context.home / copies.LIFE) if each.process not in known]
    if not others:
        return text("doctor.waiting-running-advice")
    return text("doctor.waiting-held-advice", program=" ".join(others[0].command[:2]), process=others[0].process)


def _is_late(turn: Turn, context: Context) -> bool:
    return (context.clock.now() - turn.began).total_seconds() > WAITING_S


def _aside(context: Context) -> list[Finding]:
    """Files that were damaged, which still hold what is to be forgotten."""
    text, found = context.words.text, sorted(context.home.glob("**/life-damaged-*.db*"))
    if not found:
        return []
    size = sum(_about(each).st_size for each in found) / 1e6
    said = text("doctor.aside", path=found[0], count=len(found), size=f"{size:.1f}")
    advice = text("doctor.aside-advice", files=" ".join(_typed(each) for each in found))
    return [Finding("damaged file", Health.WEAK, said, advice)]


def _daemons(context: Context, running: Sequence[Program]) -> list[Finding]:
    """Two of them answer every word twice, and only one keeps what waits."""
    if len(running) < 2:
        return []
    text = context.words.text
    numbers = ", ".join(str(each.process) for each in running)
    advice = text("doctor.daemons-advice", process=running[-1].process)
    return [Finding("daemon", Health.BROKEN, text("doctor.daemons", processes=numbers), advice)]


def _end(context: Context, running: Sequence[Program]) -> list[Finding]:
    """Whether the last one came to its end as it should."""
    record = mishaps.read(context.home)
    if running or not record.process or not record.began or mishaps.is_alive(record.process):
        return []
    text = context.words.text
    found = text("doctor.ended", began=_told(record.began))
    return [Finding("last run", Health.WEAK, found, text("doctor.ended-advice", run=_command(context, RUN)))]


def _mishaps(context: Context) -> list[Finding]:
    """What went wrong within a day, and may again."""
    text, now = context.words.text, context.clock.now()
    recent = [each for each in mishaps.read(context.home).mishaps if now - each.when < LATELY]
    counted = Counter(each.part for each in recent)
    findings = []
    for part, count in counted.items():
        last = max(each.when for each in recent if each.part == part)
        key = part.replace(" ", "-")
        found = text(f"doctor.mishap-{key}", count=count, last=_told(last))
        findings.append(Finding("lately", Health.WEAK, found, text(f"doctor.mishap-{key}-advice")))
    return findings


def _clock(context: Context) -> list[Finding]:
    """A clock that was set back: what comes now would stand before what was."""
    text, now = context.words.text, context.clock.now()
    newest = max((_about(each).st_mtime for each in _files(context.home)), default=0.0)
    written = datetime.fromtimestamp(newest, now.tzinfo)
    if written - now < AHEAD:
        return []
    found = text("doctor.clock", now=_told(now), written=_told(written))
    return [Finding("clock", Health.BROKEN, found, text("doctor.clock-advice"))]


def _devices(context: Context) -> list[Finding]:
    try:
        devices_file.load(context.devices_file, context.settings.devices.rooms)
    except ConfigError as error:
        return [Finding("devices file", Health.BROKEN, error.sentence(context.words.language))]
    return []


def _files(folder: Path) -> Iterator[Path]:
    """All that lie in it, folders too; none of a folder that may not be read."""
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *names))


def _is_written(path: Path) -> bool:
    """By the daemon; a key of the user's may well be for reading alone."""
    return path.is_dir() or path.name.startswith(copies.LIFE) or path.suffix == ".json"


def _about(path: Path) -> os.stat_result:
    with contextlib.suppress(FileNotFoundError):  # it has just been put elsewhere
        return path.lstat()
    return path.parent.stat()


def _mount(path: Path) -> Path:
    return next(each for each in (path.resolve(), *path.resolve().parents) if each.is_mount())


def _opening(context: Context) -> str:
    """What opens the life as the daemon does, and ends at once."""
    return _command(context, "memory", "stats")


def _command(context: Context, *command: str) -> str:
    return shlex.join(("digital-life", "--home", str(context.home), *command))


def _typed(path: Path) -> str:
    return shlex.quote(str(path))


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
