"""Fetch Live2D avatars from the npm registry, or take one from a folder, and keep them in the home folder."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import shutil
import tarfile
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import httpx
import msgspec

from digital_life.avatars import OWN, Manifest, files_of, generation_of, is_inside
from digital_life.backends.download import require_space, written
from digital_life.errors import FetchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digital_life.avatars import Avatar, Catalogue, Generation, Licence, Package, Part
    from digital_life.backends.progress import Meter

FOLDER = "avatars"
"""In the home folder; one folder an avatar."""
CHOSEN = ".chosen"
"""File in it that names the avatar in use; none: the project's own face."""
MANIFEST = "avatar.json"
LICENCES = "LICENCES.txt"
"""What was accepted, and where it is to be read."""
REGISTRY = "https://registry.npmjs.org/"
REGISTRY_VARIABLE = "DIGITAL_LIFE_NPM_REGISTRY"
"""Environment: another registry with the same packages; their sums are checked all the same."""
NAME = re.compile(r"[^\W_][\w-]{0,39}")
MOST_FILE_BYTES = 32_000_000
MOST_BYTES = 200_000_000
"""Of all files of an avatar."""
MOST_FILES = 2_000


class Avatars:
    """Those that are installed; blocking."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(each.parent.name for each in self._folder.glob(f"[!.]*/{MANIFEST}")))

    @property
    def chosen(self) -> str:
        """The name of the one in use; empty: the project's own face."""
        try:
            name = (self._folder / CHOSEN).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return name if name in self.names() else ""

    def choose(self, name: str) -> None:
        """Use it from now on; empty: the project's own face. Raises UsageError when it is not installed."""
        if not name:
            (self._folder / CHOSEN).unlink(missing_ok=True)
            return
        self._require(name)
        fresh = self._folder / f"{CHOSEN}.new"
        fresh.write_text(f"{name}\n", encoding="utf-8")
        fresh.replace(self._folder / CHOSEN)

    def folder(self) -> Path | None:
        """What the page finds at `/avatar/`; None: nothing."""
        return self._folder / self.chosen if self.chosen else None

    def remove(self, name: str) -> None:
        """Nothing of it stays. Raises UsageError when it is not installed."""
        self._require(name)
        if self.chosen == name:
            self.choose("")
        shutil.rmtree(self._folder / name)

    def keep(self, manifest: Manifest, files: Mapping[str, bytes], licences: Iterable[Licence]) -> None:
        """Install it whole or not at all, in place of one of the same name."""
        fresh = self._folder / f".{manifest.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        require_space(fresh, sum(map(len, files.values())))
        terms = "".join(f"{each.name}\n  {each.holder}\n  {each.terms}\n  {each.link}\n\n" for each in licences)
        every = {**files, MANIFEST: msgspec.json.format(msgspec.json.encode(manifest)), LICENCES: terms.encode()}
        try:
            for name, content in every.items():
                path = fresh / name
                with written(path, len(content)):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
            self._put(fresh, manifest.name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _put(self, fresh: Path, name: str) -> None:
        former = self._folder / f".{name}.old"
        with suppress(FileNotFoundError):
            (self._folder / name).replace(former)
        fresh.replace(self._folder / name)
        shutil.rmtree(former, ignore_errors=True)

    def _require(self, name: str) -> None:
        if name not in self.names():
            raise UsageError("avatar-missing", name=name, names=", ".join(self.names()) or "-")


class Installer:
    """Brings together what an avatar is made of."""

    def __init__(self, avatars: Avatars, catalogue: Catalogue, client: httpx.Client, meter: Meter) -> None:
        self._avatars = avatars
        self._catalogue = catalogue
        self._client = client
        self._meter = meter
        self._registry = os.environ.get(REGISTRY_VARIABLE, REGISTRY).rstrip("/") + "/"

    def fetch(self, avatar: Avatar) -> None:
        """Install an avatar of the catalogue. Raises FetchError, UsageError."""
        folder = str(PurePosixPath(avatar.model).parent)
        found = unpacked(self._package(avatar.package), folder=folder)
        main = PurePosixPath(avatar.model).name
        if main not in found:
            raise FetchError("avatar-lacks", name=avatar.package.name, file=avatar.model)
        named = files_of(found[main], avatar.generation, where=avatar.model)
        self._require_all(named, found, avatar.package.name)
        files = {f"model/{each}": found[each] for each in (main, *named)}
        self._install(avatar.name, avatar.generation, main, files, avatar)

    def take(self, main: Path, *, name: str) -> None:
        """Install the user's own model, whose main file this is. Raises FetchError, UsageError."""
        generation = generation_of(main.name)
        if generation is None:
            raise UsageError("avatar-no-model", path=main)
        if not NAME.fullmatch(name) or name == OWN:
            raise UsageError("avatar-name", name=name)
        files = {f"model/{main.name}": main.read_bytes()}
        for each in files_of(files[f"model/{main.name}"], generation, where=main):
            files[f"model/{each}"] = _own_file(main, each)
        self._install(name, generation, main.name, files, None)

    def _install(
        self, name: str, generation: Generation, main: str, files: Mapping[str, bytes], avatar: Avatar | None
    ) -> None:
        if sum(map(len, files.values())) > MOST_BYTES or len(files) > MOST_FILES:
            raise UsageError("avatar-too-large", name=name, most=MOST_BYTES // 1_000_000)
        runtime = self._catalogue.runtime_of(generation)
        scripts: dict[str, bytes] = {}
        for each in runtime:
            content = self._package(each)
            scripts |= {f"runtime/{part.name}": _part(content, part, each.name) for part in each.files}
        manifest = Manifest(
            name=name,
            generation=generation,
            scripts=tuple(scripts),
            model=f"model/{main}",
            expressions=avatar.expressions if avatar else {},
            motions=avatar.motions if avatar else {},
        )
        licences = self._catalogue.licences_of(*runtime, *((avatar.package,) if avatar else ()))
        self._avatars.keep(manifest, {**files, **scripts}, licences)

    def _package(self, package: Package) -> bytes:
        """The whole package, once its sum is right."""
        url = self._registry + package.path
        content = bytearray()
        try:
            with (
                self._client.stream("GET", url) as response,
                self._meter.bar(package.name, total=package.size) as advance,
            ):
                response.raise_for_status()
                for block in response.iter_raw():
                    content += block
                    advance(len(block))
                    if len(content) > package.size:  # no more than was promised is taken
                        break
        except httpx.HTTPStatusError as error:
            raise FetchError("avatar-refused", name=package.name, status=error.response.status_code) from error
        except httpx.HTTPError as error:
            raise FetchError("avatar-unreachable", name=package.name, cause=error) from error
        if not is_whole(bytes(content), package.integrity):
            raise FetchError("avatar-wrong-sum", name=package.name, url=url)
        return bytes(content)

    def _require_all(self, named: Iterable[str], found: Mapping[str, bytes], where: str) -> None:
        for each in named:
            if each not in found:
                raise FetchError("avatar-lacks", name=where, file=each)


def is_whole(content: bytes, integrity: str) -> bool:
    """Whether the sum is that which the registry published."""
    kind, _, wanted = integrity.partition("-")
    return kind == "sha512" and base64.b64encode(hashlib.sha512(content).digest()).decode() == wanted


def unpacked(package: bytes, *, folder: str) -> dict[str, bytes]:
    """The plain files below `folder` of an npm package, by their path from there; links and devices are left out.

    Raises FetchError when it is no such package, or holds more than could be meant.
    """
    found: dict[str, bytes] = {}
    root = f"package/{folder}/" if folder != "." else "package/"
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
            for member in archive:
                name = member.name.removeprefix(root)
                if not member.isreg() or not member.name.startswith(root) or not is_inside(name):
                    continue
                total += member.size
                if member.size > MOST_FILE_BYTES or total > MOST_BYTES or len(found) >= MOST_FILES:
                    raise FetchError("avatar-package-large", file=member.name)
                stream = archive.extractfile(member)
                found[name] = stream.read() if stream else b""
    except (tarfile.TarError, EOFError, OSError) as error:
        raise FetchError("avatar-package-broken", cause=error) from error
    return found


def main_files(path: Path) -> tuple[Path, ...]:
    """The main files of models at `path`: itself, or what lies in the folder. The nearest first."""
    if path.is_file():
        return (path,) if generation_of(path.name) else ()
    found = [each for each in path.rglob("*.json") if generation_of(each.name)]
    return tuple(sorted(found, key=lambda each: (len(each.parts), each.name)))


def _part(package: bytes, part: Part, name: str) -> bytes:
    folder = str(PurePosixPath(part.path).parent)
    content = unpacked(package, folder=folder).get(part.name)
    if content is None:
        raise FetchError("avatar-lacks", name=name, file=part.path)
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise FetchError("avatar-wrong-sum", name=name, url=part.path)
    return content


def _own_file(main: Path, name: str) -> bytes:
    path = main.parent / name
    if not path.resolve().is_relative_to(main.parent.resolve()):  # a link that leads elsewhere
        raise UsageError("avatar-outside", path=main, file=name)
    if not path.is_file():
        raise UsageError("avatar-file-missing", path=main, file=name)
    if path.stat().st_size > MOST_FILE_BYTES:
        raise UsageError("avatar-too-large", name=name, most=MOST_FILE_BYTES // 1_000_000)
    return path.read_bytes()
