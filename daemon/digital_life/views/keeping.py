"""A whole life in the user's hands: carried away as a file, taken in from one, or wiped."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from digital_life.errors import MemoryFileError, RequestError
from digital_life.memory import archive, foreign
from digital_life.memory.copies import LIFE
from digital_life.memory.life import Life
from digital_life.ports import Clock
from digital_life.views.memory import ROOT, life_of
from digital_life.web.resource import Call, Download, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

CARRIED = "carried"
"""In the home folder: what goes out or came in just now."""
SHORTEST = 8
"""Characters of a pass phrase."""
CODE_S = 300
"""So long a person has for the second step."""


class Secret(msgspec.Struct, frozen=True):
    passphrase: str


class Opening(msgspec.Struct, frozen=True):
    passphrase: str = ""
    user: str = ""
    """Whose memory, where the file holds several."""


class Wiping(msgspec.Struct, frozen=True):
    name: str
    """Of the companion, as it is written."""
    code: str = ""
    """From the answer to the first step; empty: this is the first."""


@dataclass(frozen=True, slots=True)
class _Code:
    code: str
    until: float
    """By the clock that never jumps."""
    life: Life


def resources(lives: Mapping[str, Life], *, names: Mapping[str, str], home: Path, clock: Clock) -> tuple[Resource, ...]:
    """`names` are those of the companions; `home` has their settings, and room for what is carried."""
    view = KeepingView(lives, names=names, home=home, clock=clock)
    return (
        Resource("POST", f"{ROOT}/export", view.export),
        Resource("GET", f"{ROOT}/memorybank", view.memory_bank),
        Resource("POST", f"{ROOT}/import", view.arrive, takes_file=True),
        Resource("POST", f"{ROOT}/import/{{code}}", view.take_in),
        Resource("POST", f"{ROOT}/wipe", view.wipe),
    )


class KeepingView:
    def __init__(self, lives: Mapping[str, Life], *, names: Mapping[str, str], home: Path, clock: Clock) -> None:
        self._lives = lives
        self._names = names
        self._settings = home / archive.SETTINGS
        self._folder = home / CARRIED
        self._clock = clock
        self._arrived = ""
        """The code of the file that waits to be taken in."""
        self._wipe: _Code | None = None
        for what in ("arrived", "leaving"):
            self._clear(what)

    async def export(self, call: Call) -> object:
        """An encrypted archive of all of it."""
        secret = call.read(Secret).passphrase
        if len(secret) < SHORTEST:
            raise RequestError("memory-passphrase-short", least=SHORTEST)
        self._clear("leaving")
        path = self._path("leaving", secrets.token_hex(16))
        await life_of(call, self._lives).export(path, self._settings, passphrase=secret)
        return Download(path, f"digital-life-{self._clock.now():%Y-%m-%d}.age", "application/octet-stream")

    async def memory_bank(self, call: Call) -> object:
        """What was said and written, for other programs; not encrypted."""
        life = life_of(call, self._lives)
        concept = await life.concept("user")
        love = [each.text for each in concept.sentences] if concept else []
        user = call.words.text("chat.you")
        turns, diaries = await life.all_turns(), await life.diaries()

        def written() -> bytes:
            table = foreign.to_memory_bank(user, turns, diaries, love)
            return json.dumps(table, ensure_ascii=False, indent=2).encode()

        return Download(await asyncio.to_thread(written), "memory.json", "application/json")

    async def arrive(self, call: Call) -> object:
        """Look what the file is; the code in the answer takes it in."""
        if call.file is None:
            raise RequestError("memory-no-file")
        self._clear("arrived")
        self._arrived = secrets.token_hex(16)
        path = call.file.replace(self._path("arrived", self._arrived))
        with _named(call):
            if archive.is_archive(path):
                return {"code": self._arrived, "kind": "life", "encrypted": archive.asks_passphrase(path), "users": []}
            table = await asyncio.to_thread(archive.json_of, path)
            users = foreign.users(table)
            if not users:
                await asyncio.to_thread(_foreign, path, "", self._clock)
            return {"code": self._arrived, "kind": "foreign", "encrypted": False, "users": users}

    async def take_in(self, call: Call) -> object:
        """A life replaces this one, which is put aside; what another program remembered is added to it."""
        code = self._arrived
        if not code or not secrets.compare_digest(call.path["code"].encode(), code.encode()):
            raise RequestError("memory-code-over", status=404)
        path, life, opening = self._path("arrived", code), life_of(call, self._lives), call.read(Opening)
        with _named(call):
            if archive.is_archive(path):
                answer = await self._replace(life, path, opening.passphrase)
            else:
                memory = await asyncio.to_thread(_foreign, path, opening.user, self._clock)
                answer = {"turns": await life.take_in(memory), "talks": len(memory.talks), "names": memory.names}
        self._arrived = ""
        path.unlink(missing_ok=True)
        return answer

    async def _replace(self, life: Life, path: Path, passphrase: str) -> dict[str, object]:
        contents = await asyncio.to_thread(archive.read, path, passphrase=passphrase, seal=life.seal)
        before = await life.replace(contents[LIFE])
        return {"aside": before.name, "settings": archive.SETTINGS in contents, "stats": await life.stats()}

    async def wipe(self, call: Call) -> object:
        """Two steps: the name of the companion gives a code; both together wipe its life."""
        asked, life = call.read(Wiping), life_of(call, self._lives)
        if asked.name.strip() != self._names.get(call.query.get("life", ""), ""):
            raise RequestError("memory-other-name")
        if not asked.code:
            self._wipe = _Code(secrets.token_hex(16), self._clock.monotonic() + CODE_S, life)
            return {"code": self._wipe.code, "seconds": CODE_S}
        due, self._wipe = self._wipe, None
        if due is None or due.life is not life or self._clock.monotonic() > due.until:
            raise RequestError("memory-code-over", status=404)
        if not secrets.compare_digest(asked.code.encode(), due.code.encode()):
            raise RequestError("memory-code-over", status=404)
        await life.wipe()
        return {"code": ""}

    def _path(self, what: str, code: str) -> Path:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder / f"{what}-{code}"

    def _clear(self, what: str) -> None:
        """What nobody fetched or took in, also before a restart."""
        for path in self._folder.glob(f"{what}-*"):
            path.unlink(missing_ok=True)


def _foreign(path: Path, user: str, clock: Clock) -> foreign.Foreign:
    try:
        return foreign.read(archive.json_of(path), clock.now().tzinfo, user=user)
    except foreign.NotKnownError as error:
        raise MemoryFileError("archive-foreign", path=path) from error
    except LookupError as error:
        raise RequestError("memory-which-user", users=error.args[0]) from error


@contextmanager
def _named(call: Call) -> Iterator[None]:
    """A person knows the file that was sent, and not where it lies here."""
    try:
        yield
    except MemoryFileError as error:
        told = RequestError(error.key)
        told.values = error.values | {"path": call.words.text("console.memory.this-file")}
        raise told from error
