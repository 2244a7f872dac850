"""The units that are put there start what is installed, and are as confined as they say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from digital_life import units
from digital_life.units import Installation, system_unit, user_unit

ROOT = Path(__file__).resolve().parents[2]
OPT = Installation(
    program=Path("/opt/digital-life/.venv/bin/digital-life"),
    folders=(Path("/opt/digital-life"), Path("/usr")),
    models=Path("/opt/digital-life-models"),
)
MOST_EXPOSED = 1.5
CHECKOUT = Installation(
    program=Path("/home/ada/digital-life/.venv/bin/digital-life"),
    folders=(Path("/home/ada/digital-life/.venv"), Path("/home/ada/digital-life"), Path("/usr")),
    models=Path("/home/ada/.cache/digital-life/models"),
    arguments=("--set", "persona.name=Ada B"),
)


def values(unit: str, key: str) -> list[str]:
    return re.findall(rf"(?m)^{key}=(.*)$", unit)


def test_the_units_of_the_repository_are_those_that_are_installed() -> None:
    assert (ROOT / "systemd" / units.NAME).read_text() == system_unit(OPT)
    assert (ROOT / "systemd" / "user" / units.NAME).exists()


def test_an_installation_outside_the_homes_sees_none_of_them() -> None:
    assert values(system_unit(OPT), "ProtectHome") == ["yes"]


def test_of_a_checkout_in_a_home_it_sees_that_alone() -> None:
    unit = system_unit(CHECKOUT)
    assert values(unit, "ProtectHome") == ["tmpfs"]
    assert values(unit, "BindReadOnlyPaths") == ["/home/ada/.cache/digital-life/models /home/ada/digital-life"]
    (command,) = values(unit, "ExecStart")
    assert command.startswith("/home/ada/digital-life/.venv/bin/digital-life --home /var/lib/digital-life --models ")
    assert command.endswith(' /home/ada/.cache/digital-life/models --set "persona.name=Ada B" run')


def test_the_users_unit_keeps_the_life_where_the_user_has_it() -> None:
    (command,) = values(user_unit(CHECKOUT, Path("/home/ada/life")), "ExecStart")
    assert "--home /home/ada/life " in command


@given(
    some.text(some.characters(codec="utf-8", exclude_characters="\n\r\0", exclude_categories=("Cs", "Cc")), min_size=1)
)
def test_what_systemd_would_read_as_its_own_stays_what_it_is(word: str) -> None:
    (command,) = values(
        user_unit(Installation(Path("/p"), (), Path("/m"), arguments=("--set", word)), Path("/h")), "ExecStart"
    )
    written = command.removeprefix("/p --home /h --models /m --set ").removesuffix(" run")
    if written.startswith('"'):
        written = re.sub(r'\\([\\"])', r"\1", written[1:-1]).replace("$$", "$")
    assert written.replace("%%", "%") == word


@pytest.mark.parametrize("installation", [OPT, CHECKOUT])
def test_the_systems_unit_is_hardly_exposed(installation: Installation, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: scripts/setup --tests")
    unit = tmp_path / units.NAME
    unit.write_text(system_unit(installation))
    done = subprocess.run(
        ("systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)),
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found
    assert float(found[1]) <= MOST_EXPOSED


def test_each_loosened_directive_has_its_reason() -> None:
    unit = (ROOT / "systemd" / units.NAME).read_text()
    for directive in ("PrivateDevices", "ProcSubset", "MemoryDenyWriteExecute", "PrivateNetwork"):
        assert not values(unit, directive)
        assert re.search(rf"(?m)^# No {directive}=.*: \S+", unit), directive
