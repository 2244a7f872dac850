"""The package for Debian, in a Debian that has nothing else."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIVES = ROOT / "tests" / "unit" / "memory" / "lives"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "digital-life"
SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
LONGEST_S = 1_800
"""The longest that one step may take on a machine that does much else."""
HOME = "/var/lib/digital-life"
HANDED_OVER = "srv/package.deb"
"""Where the package lies in the root."""
OLDER = "0.0.1"
OF_THE_SYSTEM = (
    *("/var/lib/apt/", "/var/lib/dpkg/", "/var/cache/", "/var/log/", "/run/", "/etc/ld.so.cache"),
    *("/tmp/", "/dev/"),  # noqa: S108 - what the next start of the machine forgets
    *("/etc/.pwd.lock", "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-"),
)
"""What apt, dpkg and the loader write for themselves, and what does not last."""


class Debian:
    """A root of its own, entered by chroot."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *command: str) -> str:
        """What the command prints. It is told nothing of this machine's settings."""
        return ran(
            *("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "OMP_NUM_THREADS=1"),
            *("DEBIAN_FRONTEND=noninteractive", "chroot", str(self.root), *command),
        )

    def install(self, package: Path) -> None:
        shutil.copy(package, self.root / HANDED_OVER)
        self.run("apt-get", "install", "-qq", "-y", "--no-install-recommends", f"/{HANDED_OVER}")
        (self.root / HANDED_OVER).unlink()

    def version(self) -> str:
        return self.run("dpkg-query", "-W", "-f", "${Version}", "digital-life")

    def files(self) -> set[str]:
        found = self.run("find", "/", "-xdev", "-not", "-path", "/models/*", "-not", "-path", "/proc/*").splitlines()
        return {each for each in found if not f"{each}/".startswith(OF_THE_SYSTEM)}

    def settle(self, schema: int) -> None:
        """A life of an older version lies where the service has its own."""
        (self.root / HOME[1:]).mkdir()
        shutil.copy(LIVES / f"schema-{schema}.db", self.root / HOME[1:] / "life.db")


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False, cwd=ROOT)
    assert done.returncode == 0, (command, done.stdout[-3000:], done.stderr[-3000:])
    return done.stdout


def architecture() -> str:
    return {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


def needed() -> None:
    for program in ("debootstrap", "dpkg-deb", "ar", "zstd"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: scripts/setup --tests")
    if os.geteuid() != 0:
        pytest.skip("only root may make a Debian of its own (mounts and chroot)")


@pytest.fixture(scope="module")
def bare() -> Path:
    """The Debian that debootstrap makes, packed and kept for the next time."""
    needed()
    packed = CACHE / "debian" / f"{SUITE}-{architecture()}.tar.zst"
    if not packed.exists():
        packed.parent.mkdir(parents=True, exist_ok=True)
        folder, unfinished = packed.with_suffix(".root"), packed.with_suffix(".part")
        shutil.rmtree(folder, ignore_errors=True)
        ran("debootstrap", "--variant=minbase", SUITE, str(folder), MIRROR)
        ran("tar", "-C", str(folder), "--zstd", "-cf", str(unfinished), ".")
        shutil.rmtree(folder)
        unfinished.rename(packed)
    return packed


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of this tree, with the llama.cpp that scripts/setup built for this machine: that need not be built again."""
    needed()
    out = tmp_path_factory.mktemp("package")
    built = sorted((CACHE / "wheels").glob("llama-cpp-python-*/*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    llama = ("--llama", str(built[-1])) if built else ()
    ran("scripts/build-deb", "--suite", SUITE, "--out", str(out), *llama)
    return next(out.glob("digital-life_*.deb"))


@pytest.fixture(scope="module")
def older(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same under a lower number: only what it says of itself is another."""
    folder = tmp_path_factory.mktemp("older")
    ran("dpkg-deb", "--control", str(package), str(folder / "control"))
    control = folder / "control" / "control"
    lines = control.read_text().splitlines()
    control.write_text("".join(f"{_numbered(line)}\n" for line in lines))
    ran("ar", "x", str(package), "--output", str(folder))
    (folder / "control.tar.zst").unlink()
    ran("tar", "-C", str(folder / "control"), "-czf", str(folder / "control.tar.gz"), ".")
    older = folder / "older.deb"
    ran("ar", "rc", str(older), *(str(folder / each) for each in ("debian-binary", "control.tar.gz", "data.tar.zst")))
    (folder / "data.tar.zst").unlink()
    return older


def _numbered(line: str) -> str:
    return f"Version: {OLDER}" if line.startswith("Version:") else line


@pytest.fixture
def debian(bare: Path, tmp_path: Path, models_dir: Path) -> Iterator[Debian]:
    """Fresh. The models of this machine are shown to it."""
    root = tmp_path / "root"
    root.mkdir()
    ran("tar", "-C", str(root), "--zstd", "-xf", str(bare))
    (root / "models").mkdir()
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    mounts = (("-t", "proc", "proc", str(root / "proc")), ("--bind", str(models_dir), str(root / "models")))
    try:
        for each in mounts:
            done = subprocess.run(("mount", *each), capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        yield Debian(root)
    finally:
        for each in mounts:
            subprocess.run(("umount", "-l", each[-1]), capture_output=True, check=False)
        shutil.rmtree(root)


def test_it_installs_answers_is_upgraded_with_its_life_and_is_purged_without_a_trace(
    debian: Debian, package: Path, older: Path
) -> None:
    debian.run("apt-get", "update", "-qq")
    before = debian.files()
    debian.install(older)
    assert debian.version() == OLDER
    every_library_is_there(debian)

    debian.settle(schema=2)
    debian.install(package)
    assert debian.version() != OLDER
    found = debian.run("digital-life", "--home", HOME, "memory", "search", "what colour is my cat?")
    assert "My cat is black." in found
    assert len(list((debian.root / HOME[1:]).glob("life-before-*.db"))) == 1
    answer = debian.run(
        *("digital-life", "--home", HOME, "--models", "/models", "--set", "models.profile=small"),
        *("--set", "llm.temperature=0", "chat", "--message", "What is the capital of France?"),
    )
    assert "Paris" in answer

    debian.run("apt-get", "remove", "-qq", "-y", "digital-life")
    assert (debian.root / HOME[1:] / "life.db").exists()
    assert (debian.root / "etc/digital-life/options").exists()
    assert not (debian.root / "opt/digital-life").exists()
    debian.run("apt-get", "purge", "-qq", "-y", "digital-life")
    debian.run("apt-get", "autoremove", "-qq", "-y", "--purge")
    left = debian.files() - before
    assert {each for each in left if not each.startswith("/root/")} == set(), "but for what is root's own, who typed"


def every_library_is_there(debian: Debian) -> None:
    """What its shared libraries are linked to."""
    script = "find /opt/digital-life -name '*.so*' -type f -exec ldd {} + 2>&1 | grep 'not found' | sort -u"
    assert debian.run("sh", "-c", f"{script} || true") == ""
