"""Avatars are checked before they are unpacked, and are there whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import httpx
import msgspec
import pytest

from digital_life import avatars, words
from digital_life.avatars import Avatar, Catalogue, Licence, Package, Part, Runtime
from digital_life.backends.avatars import Avatars, Installer, main_files, unpacked
from digital_life.backends.progress import Meter
from digital_life.errors import FetchError, UsageError

MODEL = json.dumps({"model": "a.moc", "textures": ["0.png"], "motions": {"idle": [{"file": "m/idle.mtn"}]}}).encode()
FILES = {"assets/a.model.json": MODEL, "assets/a.moc": b"moc", "assets/0.png": b"png", "assets/m/idle.mtn": b"mtn"}
SOUND = {"assets/s/idle.mp3": b"never needed"}
CORE = b"core"


def packed(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return whole.getvalue()


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


class Registry:
    """Two packages: what draws, and who is drawn. `served` may be changed afterwards."""

    def __init__(self, files: Mapping[str, bytes] = FILES | SOUND) -> None:
        model, runtime = packed(files), packed({"dist/core.js": CORE})
        self.served = {"/model/-/model-1.0.0.tgz": model, "/core/-/core-2.0.0.tgz": runtime}
        part = Part(path="dist/core.js", sha256=hashlib.sha256(CORE).hexdigest())
        self.catalogue = Catalogue(
            licences=(Licence(id="art", name="Art", holder="Ann", terms="Hers", link="https://example.org/"),),
            runtime=(
                Runtime(
                    name="core",
                    version="2.0.0",
                    integrity=integrity(runtime),
                    size=len(runtime),
                    licences=("art",),
                    generations=(2, 4),
                    files=(part,),
                ),
            ),
            avatars=(
                Avatar(
                    name="ann",
                    generation=2,
                    model="assets/a.model.json",
                    motions={"tap": "tap_body"},
                    package=Package(
                        name="model", version="1.0.0", integrity=integrity(model), size=len(model), licences=("art",)
                    ),
                ),
            ),
        )

    def installer(self, home: Path) -> Installer:
        def answer(request: httpx.Request) -> httpx.Response:
            content = self.served.get(request.url.path)
            return httpx.Response(200, stream=httpx.ByteStream(content)) if content is not None else httpx.Response(404)

        client = httpx.Client(transport=httpx.MockTransport(answer))
        return Installer(Avatars(home), self.catalogue, client, Meter(words.load("en")))

    def fetch(self, home: Path) -> None:
        self.installer(home).fetch(self.catalogue.avatars[0])


def inside(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_an_avatar_is_kept_with_what_draws_it_and_what_was_accepted(tmp_path: Path) -> None:
    Registry().fetch(tmp_path)
    kept = Avatars(tmp_path)
    kept.choose("ann")
    folder = kept.folder()
    assert folder
    assert inside(folder) == {
        "avatar.json",
        "LICENCES.txt",
        "runtime/core.js",
        "model/a.model.json",
        "model/a.moc",
        "model/0.png",
        "model/m/idle.mtn",
    }
    manifest = msgspec.json.decode((folder / "avatar.json").read_bytes(), type=avatars.Manifest)
    assert (manifest.model, manifest.scripts) == ("model/a.model.json", ("runtime/core.js",))
    assert manifest.motions == {"tap": "tap_body"}
    assert "https://example.org/" in (folder / "LICENCES.txt").read_text()
    assert manifest.generation == 2


def test_a_package_that_is_not_the_pinned_one_is_not_even_unpacked(tmp_path: Path) -> None:
    registry = Registry()
    registry.served["/model/-/model-1.0.0.tgz"] = packed(FILES | {"assets/evil.js": b"x"})
    with pytest.raises(FetchError) as refused:
        registry.fetch(tmp_path)
    assert refused.value.key == "avatar-wrong-sum"
    assert inside(tmp_path) == set()


def test_no_more_is_read_than_was_promised(tmp_path: Path) -> None:
    registry = Registry()
    registry.served["/model/-/model-1.0.0.tgz"] = bytes(50_000_000)
    with pytest.raises(FetchError) as refused:
        registry.fetch(tmp_path)
    assert refused.value.key == "avatar-wrong-sum"


def test_a_registry_that_does_not_have_it_is_told(tmp_path: Path) -> None:
    registry = Registry()
    del registry.served["/core/-/core-2.0.0.tgz"]
    with pytest.raises(FetchError) as refused:
        registry.fetch(tmp_path)
    assert refused.value.values["status"] == 404
    assert Avatars(tmp_path).names() == ()


def test_one_that_lacks_a_file_it_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError) as refused:
        Registry({name: content for name, content in FILES.items() if not name.endswith("png")}).fetch(tmp_path)
    assert refused.value.values["file"] == "0.png"


def test_a_failed_install_leaves_the_former_one(tmp_path: Path) -> None:
    Registry().fetch(tmp_path)
    before = inside(tmp_path)
    broken = Registry()
    broken.served.clear()
    with pytest.raises(FetchError):
        broken.fetch(tmp_path)
    assert inside(tmp_path) == before


def test_nothing_is_unpacked_outside_nor_through_a_link() -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        for name in ("package/a/../../x", "/etc/x", "package/a/../b", "other/a/x"):
            member = tarfile.TarInfo(name)
            member.size = 1
            archive.addfile(member, io.BytesIO(b"x"))
        link = tarfile.TarInfo("package/a/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        good = tarfile.TarInfo("package/a/good")
        archive.addfile(good)
    assert set(unpacked(whole.getvalue(), folder="a")) == {"good"}


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", packed({"a/b": b"x" * 1000})[:-40]], ids=["nothing", "nonsense", "cut short"]
)
def test_what_is_no_package_is_refused(content: bytes) -> None:
    with pytest.raises(FetchError) as refused:
        unpacked(content, folder="a")
    assert refused.value.key == "avatar-package-broken"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a model of the user's own."""
    for name, content in FILES.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "mine"


def test_a_model_of_ones_own_is_taken_over(tmp_path: Path, own: Path) -> None:
    (main,) = main_files(own)
    Registry().installer(tmp_path).take(main, name="小雅")
    assert Avatars(tmp_path).names() == ("小雅",)
    assert (tmp_path / "avatars" / "小雅" / "model" / "m" / "idle.mtn").read_bytes() == b"mtn"


def test_a_file_of_it_that_is_missing_is_named(tmp_path: Path, own: Path) -> None:
    (own / "assets" / "0.png").unlink()
    with pytest.raises(UsageError) as refused:
        Registry().installer(tmp_path).take(main_files(own)[0], name="mine")
    assert (refused.value.key, refused.value.values["file"]) == ("avatar-file-missing", "0.png")


def test_a_link_that_leads_out_of_it_is_refused(tmp_path: Path, own: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (own / "assets" / "0.png").unlink()
    (own / "assets" / "0.png").symlink_to(tmp_path / "secret")
    with pytest.raises(UsageError) as refused:
        Registry().installer(tmp_path).take(main_files(own)[0], name="mine")
    assert refused.value.key == "avatar-outside"


@pytest.mark.parametrize("name", ["own", "../x", "", ".x", "a/b", "a" * 41])
def test_a_name_that_could_not_be_a_folder_is_refused(tmp_path: Path, own: Path, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        Registry().installer(tmp_path).take(main_files(own)[0], name=name)
    assert refused.value.key == "avatar-name"


def test_what_is_removed_is_no_longer_shown(tmp_path: Path) -> None:
    Registry().fetch(tmp_path)
    kept = Avatars(tmp_path)
    kept.choose("ann")
    kept.remove("ann")
    assert (kept.chosen, kept.folder(), kept.names()) == ("", None, ())
    with pytest.raises(UsageError):
        kept.choose("ann")
    with pytest.raises(UsageError):
        kept.remove("../avatars")
