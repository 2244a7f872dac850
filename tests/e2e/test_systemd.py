"""A real systemd starts the installed service, and the service lives up to what its unit says."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from daemon_process import PROGRAM
from nspawn import Machine, machine
from soundcard import SoundCard

from fakes.mosquitto import Mosquitto

ROOT = Path(__file__).resolve().parents[2]
UNIT = "digital-life.service"
READY_S = 90.0
"""Until the models are warm on a busy machine."""
ANSWER_S = 60.0
WATCHDOG_S = 15
HOME = Path("/var/lib/digital-life")
SOUND = Path("/srv/sound")
USER, PASSWORD = "companion", "open sesame"
FREEZES = Path("/srv/freezes")
FREEZE = """
# Where a signal tells it to, the main thread, and so the event loop, stands still.
import signal, time
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(600))
"""
SETTINGS = (
    "llm.temperature=0",
    "models.profile=small",
    "conversation.introduction=false",
    "conversation.languages=['en']",
    "web.enabled=false",
    "mqtt.enabled=true",
    f"mqtt.user={USER}",
    "mqtt.password_file=credential:mqtt_password",
)


@dataclass(frozen=True, slots=True)
class Service:
    """It runs."""

    machine: Machine
    card: SoundCard
    broker: Mosquitto

    @property
    def process(self) -> str:
        return self.machine.shown(UNIT)["MainPID"]

    @property
    def restarts(self) -> int:
        return int(self.machine.shown(UNIT)["NRestarts"])

    def is_active(self) -> bool:
        return self.machine.shown(UNIT)["ActiveState"] == "active"

    def until_active(self) -> float:
        return self.machine.until(self.is_active, "READY", wait_s=READY_S)

    def hears(self) -> bool:
        return "[waiting for its wake word]" in self.printed()

    def printed(self) -> str:
        """By the process of now."""
        entries = self.machine.journal("-u", UNIT, f"_PID={self.process}")
        return "\n".join(str(each["MESSAGE"]) for each in entries)

    def turns(self) -> list[dict[str, str]]:
        """The line of each, with its fields."""
        return self.machine.journal("-u", UNIT, "STAGE=total")

    def command(self, *words: str) -> str:
        """Of the same program over the same life, as the service's user and as confined."""
        return self.machine.run(
            *("systemd-run", "--quiet", "--wait", "--pipe", "-p", "DynamicUser=yes", "-p", "User=digital-life"),
            *("-p", "StateDirectory=digital-life", "-p", "ProtectHome=tmpfs", "-p", f"BindReadOnlyPaths={_seen()}"),
            *("-p", f"Environment=PYTHONPATH={ROOT / 'daemon'} HOME={HOME} LANG=C.UTF-8"),
            *(str(PROGRAM), "--home", str(HOME), *words),
        )


def _typed() -> dict[str, str]:
    """What surrounds a command that is typed inside."""
    return {"PYTHONPATH": str(ROOT / "daemon"), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}


def _variables() -> str:
    """What the unit adds: the sound card that is not there, and what makes the loop stand still."""
    sound = f"PULSE_SERVER=unix:{SOUND}/pulse.sock ALSA_CONFIG_PATH={SOUND}/asound.conf"
    return f"PYTHONPATH={ROOT / 'daemon'}:{FREEZES} LANG=C.UTF-8 OMP_NUM_THREADS=1 {sound}"


def _seen() -> str:
    """What the program is read from."""
    return " ".join(sorted({str(ROOT), sys.prefix, sys.base_prefix}))


@pytest.fixture(scope="module")
def service(models_dir: Path) -> Iterator[Service]:
    broker = Mosquitto(passwords={USER: PASSWORD})
    with broker, SoundCard() as card, booted(card, broker, models_dir) as running:
        running.until_active()
        yield running


@contextmanager
def booted(card: SoundCard, broker: Mosquitto, models: Path) -> Iterator[Service]:
    """Installed by the command that a person types."""
    card.folder.chmod(0o755)  # for the service's own user
    seen = {each: each for each in (ROOT, models, Path(sys.prefix), Path(sys.base_prefix))}
    with machine({**seen, card.folder: SOUND}, writable=(card.folder,)) as inside:
        (inside.root / FREEZES.relative_to("/")).mkdir()
        (inside.root / FREEZES.relative_to("/") / "sitecustomize.py").write_text(FREEZE)
        secret = inside.root / "etc/credstore/digital-life.mqtt_password"
        secret.parent.mkdir(exist_ok=True)
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        drop_in = inside.root / f"etc/systemd/system/{UNIT}.d"
        drop_in.mkdir(parents=True)
        (drop_in / "test.conf").write_text(f"[Service]\nWatchdogSec={WATCHDOG_S}\nEnvironment={_variables()}\n")
        changes = [part for each in (*SETTINGS, f"mqtt.port={broker.port}") for part in ("--set", each)]
        said = inside.run(str(PROGRAM), "--models", str(models), *changes, "service", "install", environment=_typed())
        assert "Installed as /etc/systemd/system/digital-life.service" in said
        yield Service(inside, card, broker)


def test_a_question_is_heard_and_answered_and_each_stage_is_in_the_journal(service: Service, english: Path) -> None:
    service.machine.until(service.hears, "hearing", wait_s=READY_S)
    before = len(service.turns())
    service.card.play(english)
    service.machine.until(lambda: len(service.turns()) > before, "an answer", wait_s=ANSWER_S)
    turn = service.turns()[-1]
    assert turn["PRIORITY"] == "6"
    assert int(turn["MILLISECONDS"]) > 0
    stages = service.machine.journal("-u", UNIT, f"TURN={turn['TURN']}")
    assert {"stt", "first_token", "first_audio", "total"} <= {each["STAGE"] for each in stages}
    assert "France" not in service.printed()
    assert service.machine.shown(UNIT)["StatusText"]


def test_it_reaches_the_broker_with_the_password_that_systemd_hands_over(service: Service) -> None:
    service.machine.until(lambda: f"u'{USER}'" in service.broker.log, "a log-in", wait_s=30)
    assert "not authorised" not in service.broker.log


def test_what_was_said_outlives_a_kill(service: Service) -> None:
    before, restarts = service.process, service.restarts
    remembered = service.command("memory", "stats")
    service.machine.run("kill", "-9", before)
    service.machine.until(lambda: service.restarts > restarts, "a restart", wait_s=30)
    service.until_active()
    assert service.process != before
    assert service.command("memory", "stats") == remembered


def test_an_event_loop_that_stands_still_is_ended_by_the_watchdog_and_comes_back(service: Service) -> None:
    service.until_active()
    before, restarts = service.process, service.restarts
    service.machine.run("kill", "-USR1", before)
    took = service.machine.until(lambda: service.restarts > restarts, "the watchdog", wait_s=2 * WATCHDOG_S + 30)
    assert took > WATCHDOG_S / 2
    printed = service.machine.journal(f"_PID={before}")
    assert any("Fatal Python error: Aborted" in str(each["MESSAGE"]) for each in printed)
    service.until_active()
    assert service.process != before


def test_a_reload_takes_new_settings_on_in_the_same_process_and_leaves_wrong_ones(service: Service) -> None:
    service.until_active()
    before = service.process
    file = service.machine.root / "var/lib/private/digital-life/digital-life.toml"
    file.write_text("[persona]\nnme = 'Ada'\n")
    file.chmod(0o644)
    service.machine.run("systemctl", "reload", UNIT)
    service.machine.until(lambda: "the settings of before stay" in service.printed(), "a refusal", wait_s=30)
    assert "persona.name" in service.machine.shown(UNIT)["StatusText"]
    file.write_text("[logging]\nlevel = 'DEBUG'\n")
    service.machine.run("systemctl", "reload", UNIT)
    service.machine.until(lambda: "digital_life: state idle" in service.printed(), "the new settings", wait_s=READY_S)
    service.until_active()
    assert service.process == before


def test_what_runs_is_confined(service: Service) -> None:
    service.until_active()
    done = subprocess.run(
        ("systemd-analyze", "security", "--offline=yes", "--threshold=15",
         str(service.machine.root / "etc/systemd/system" / UNIT)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-500:]
    status = (Path(f"/proc/{_outside(service)}") / "status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status
    assert "Seccomp:\t2" in status


def _outside(service: Service) -> str:
    """The process as this machine counts."""
    cgroup = service.machine.run("cat", f"/proc/{service.process}/cgroup").strip().splitlines()[-1]
    for each in Path("/proc").iterdir():
        if each.name.isdecimal() and (each / "cgroup").exists():
            text = (each / "cgroup").read_text()
            if UNIT in text and cgroup.rsplit("/", 1)[-1] in text:
                return each.name
    raise AssertionError("no such process")


def test_a_stop_amid_an_answer_is_quick_and_remembers_what_was_said(service: Service, english: Path) -> None:
    service.until_active()
    service.machine.until(service.hears, "hearing", wait_s=READY_S)
    turns, spoken = len(service.turns()), service.printed().count("[speaking]")
    service.card.play(english)
    service.machine.until(lambda: service.printed().count("[speaking]") > spoken, "an answer", wait_s=ANSWER_S)
    began = time.monotonic()
    service.machine.run("systemctl", "stop", UNIT)
    took = time.monotonic() - began
    found = service.machine.shown(UNIT)
    assert (found["ActiveState"], found["Result"], found["ExecMainStatus"]) == ("inactive", "success", "0")
    assert took < 5
    assert len(service.turns()) == turns + 1


def test_uninstalling_leaves_the_life(service: Service) -> None:
    said = service.machine.run(
        str(PROGRAM), "service", "uninstall",
        environment=_typed(),
    )  # fmt: skip
    assert "/var/lib/digital-life" in said
    assert service.machine.shown(UNIT)["LoadState"] == "not-found"
    assert (service.machine.root / "var/lib/private/digital-life/life.db").exists()


def test_the_users_service_runs_under_the_users_own_systemd(service: Service, models_dir: Path) -> None:
    inside = service.machine
    inside.run("systemctl", "start", "user@0.service")
    environment = {**_typed(), "HOME": "/root", "XDG_RUNTIME_DIR": "/run/user/0"}
    drop_in = inside.root / f"root/.config/systemd/user/{UNIT}.d"
    drop_in.mkdir(parents=True)
    (drop_in / "test.conf").write_text(f"[Service]\nEnvironment={_variables()}\n")
    changes = [part for each in SETTINGS[:5] for part in ("--set", each)]
    inside.run(
        *(str(PROGRAM), "--home", "/root/life", "--models", str(models_dir), *changes, "service", "install", "--user"),
        environment=environment,
    )

    def shown() -> str:
        return inside.run("systemctl", "--user", "is-active", UNIT, check=False, environment=environment).strip()

    inside.until(lambda: shown() == "active", "READY of the user's service", wait_s=READY_S)
    said = inside.run(str(PROGRAM), "service", "status", "--user", environment=environment)
    assert "waiting for its wake word" in said
    inside.run(str(PROGRAM), "service", "uninstall", "--user", environment=environment)
    assert shown() == "inactive"
    assert (inside.root / "root/life/life.db").exists()
