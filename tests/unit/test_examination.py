"""What the doctor says of a language server, and of the home."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from digital_life import app, config, homecheck, words
from digital_life.backends import soundserver
from digital_life.backends.openai_http import UNLIKELY
from digital_life.backends.process import Program
from digital_life.backends.sound import DeviceInfo
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.errors import SoundError
from digital_life.examination import (
    _device,
    _elsewhere,
    _home,
    _rooms,
    _server,
    _trial,
    _wyoming,
    examine,
    examine_running,
)
from digital_life.finding import Finding, Health
from digital_life.memory.copies import LIFE, READ
from digital_life.memory.records import Stats
from digital_life.memory.store import Store
from digital_life.values import Language, Speech, Transcript, Utterance
from fakes.audio_server import audio_server, gives
from fakes.completions import Completions, answers, completions
from fakes.embedder import FakeEmbedder
from fakes.house import House
from fakes.mosquitto import Mosquitto, free_port
from fakes.offered import Offered, served
from fakes.satellite import FakeSatellite, serving


@pytest.fixture
async def server() -> AsyncGenerator[Completions]:
    async with completions() as it:
        yield it


def context(tmp_path: Path, *changes: str) -> Context:
    settings = config.load(None, [f"llm.server.{change}" for change in changes])
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def examined(tmp_path: Path, *changes: str) -> Finding:
    (finding,) = await _server(context(tmp_path, *changes))
    return finding


async def test_without_a_server_nothing_is_said_of_one(tmp_path: Path) -> None:
    assert await _server(context(tmp_path)) == []


async def test_a_server_that_does_well_is_told_with_its_model_and_speed(server: Completions, tmp_path: Path) -> None:
    server.chats = answers(*UNLIKELY)
    finding = await examined(tmp_path, f"address={server.address}")
    assert finding.health is Health.WELL
    assert f"{server.address}: qwen (of 1)" in finding.found
    assert "it keeps to grammars" in finding.found


async def test_a_server_without_grammars_is_a_pity_only_where_nothing_else_writes(
    server: Completions, tmp_path: Path
) -> None:
    finding = await examined(tmp_path, f"address={server.address}")
    assert finding.health is Health.WELL
    assert "no grammars" in finding.found
    finding = await examined(tmp_path, f"address={server.address}", "local=false")
    assert "llm.server.local = true" in finding.advice


@pytest.mark.parametrize(("local", "health"), [("true", Health.WEAK), ("false", Health.BROKEN)])
async def test_a_server_that_is_gone_is_worse_where_nothing_stands_in(
    tmp_path: Path, local: str, health: Health
) -> None:
    finding = await examined(tmp_path, "address=http://127.0.0.1:1/v1", f"local={local}")
    assert finding.health is health
    assert "cannot be reached" in finding.found


async def test_a_key_that_others_can_read_is_advised_against(server: Completions, tmp_path: Path) -> None:
    server.chats = answers(*UNLIKELY)
    key = tmp_path / "key"
    key.write_text("secret")
    key.chmod(0o644)
    finding = await examined(tmp_path, f"address={server.address}", f"key_file={key}")
    assert finding.advice == f"others on this machine can read the key; type `chmod 600 {key}`"
    assert "secret" not in str(dataclasses.asdict(finding))


def at_home(tmp_path: Path, port: int) -> Context:
    settings = config.load(None, ["mqtt.enabled=true", f"mqtt.port={port}"])
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def test_without_a_broker_in_the_settings_nothing_is_said_of_the_home(tmp_path: Path) -> None:
    assert await _home(context(tmp_path)) == []


async def test_the_devices_of_the_home_are_counted(tmp_path: Path) -> None:
    with Mosquitto() as broker:
        (empty,) = await _home(at_home(tmp_path, broker.port))
        with House(broker.port) as house:
            (well,) = await _home(at_home(tmp_path, broker.port))
            house.offline(house["Living room lamp"])
            await asyncio.sleep(0.2)
            (weak,) = await _home(at_home(tmp_path, broker.port))
    assert (empty.health, "devices.toml" in empty.advice) == (Health.WEAK, True)
    assert (well.health, well.found.endswith(" 0 of them offline")) == (Health.WELL, True)
    assert (weak.health, weak.found.endswith(" 1 of them offline")) == (Health.WEAK, True)


async def test_a_broker_that_is_not_there_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digital_life.household.VISIT_S", 0.5)
    (finding,) = await _home(at_home(tmp_path, free_port()))
    assert finding.health is Health.BROKEN
    assert "[mqtt]" in finding.found


class Running:
    """The parts of a daemon that runs, as far as they are tried."""

    def __init__(self, said: str) -> None:
        self.mind = self.life = self.speech = self.voice = self.stt = self
        self._said = said
        self.tried: list[str] = []

    async def stats(self) -> Stats:
        return Stats(turns=3, conversations=1, diaries=0, began=None, bytes=1_000_000)

    async def search(self, _what: str) -> None:
        pass

    async def synthesize(self, sentence: str, language: Language) -> Speech:
        self.tried.append(language)
        return Speech(bytes(2 * len(sentence)), 16_000)

    async def transcribe(self, _utterance: Utterance) -> Transcript:
        return Transcript(self._said, "en", 0.9)


async def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: Running, *, free: bool) -> dict[str, Finding]:
    async def devices() -> list[DeviceInfo]:
        return [DeviceInfo(0, "USB", inputs=1, outputs=0, rate=48_000, default_input=True, default_output=False)]

    monkeypatch.setattr(app, "choose_models", lambda _context: SimpleNamespace(why="small", advice=()))
    found = examine_running(
        context(tmp_path),
        cast("app.Parts", parts),
        devices=devices,
        is_free=lambda: free,
        is_deaf=lambda _room: True,
    )
    return {each.part: each async for each in found}


async def test_a_daemon_that_runs_is_examined_with_its_own_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Running(words.load("en").text("doctor.sentence-en"))
    found = await looked(tmp_path, monkeypatch, parts, free=True)
    assert found["microphone"].health is Health.WELL
    assert found["loudspeaker"].health is Health.BROKEN
    assert "3" in found["memory"].found
    assert found["voice en"].health is Health.WELL
    assert parts.tried == ["en", "zh"]
    assert "language model" not in found
    assert "wake words" not in found


async def test_while_somebody_talks_the_voices_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Running("")
    found = await looked(tmp_path, monkeypatch, parts, free=False)
    assert parts.tried == []
    assert "talk" in found["voice en"].found


def wyoming_context(tmp_path: Path, *changes: str) -> Context:
    settings = config.load(None, [f"wyoming.{change}" for change in changes])
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def test_where_wyoming_is_not_offered_nothing_is_said_of_it(tmp_path: Path) -> None:
    assert await _wyoming(wyoming_context(tmp_path)) == []


async def test_the_port_of_wyoming_is_free_its_own_or_another_s(tmp_path: Path) -> None:
    port = free_port()
    (free,) = await _wyoming(wyoming_context(tmp_path, "enabled=true", f"port={port}"))
    assert (free.health, free.found) == (
        Health.WELL,
        f"port {port} is free; it will be offered there when the daemon runs",
    )
    async with served() as it:
        (ours,) = await _wyoming(wyoming_context(tmp_path, "enabled=true", f"port={it.port}"))
    assert (ours.health, ours.found) == (Health.WELL, f"offered at 127.0.0.1, port {it.port}")
    async with completions() as other:
        number = other.address.rpartition(":")[2].partition("/")[0]
        (taken,) = await _wyoming(wyoming_context(tmp_path, "enabled=true", f"port={number}"))
    assert taken.health is Health.BROKEN
    assert "wyoming.port" in taken.advice


def elsewhere(tmp_path: Path, *changes: str) -> Context:
    settings = config.load(None, changes)
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def test_without_parts_on_other_machines_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert await _elsewhere(elsewhere(tmp_path)) == []


async def test_a_voice_and_a_recogniser_elsewhere_are_tried(tmp_path: Path) -> None:
    async with audio_server() as voice, audio_server(gives(b'{"text": ""}', kind="application/json")) as recogniser:
        changes = (
            "tts.server=openai",
            f"tts.openai.address={voice.address}",
            "speech_to_text.server=openai",
            f"speech_to_text.openai.address={recogniser.address}",
        )
        findings = await _elsewhere(elsewhere(tmp_path, *changes))
    assert [(each.part, each.health) for each in findings] == [
        ("voice server", Health.WELL),
        ("recogniser server", Health.WELL),
    ]
    assert "it spoke 0.5 s" in findings[0].found


async def test_the_words_that_a_wake_service_knows_are_told(tmp_path: Path) -> None:
    async with served(Offered()) as it:
        changes = (
            "wake.server=wyoming",
            f"wake.wyoming.port={it.port}",
            'wake.words=[{model="hey_ada"},{model="alexa"}]',
        )
        (finding,) = await _elsewhere(elsewhere(tmp_path, *changes))
    assert finding == Finding("wake service", Health.WELL, "it listens for Hey Ada; this machine for Alexa")


async def test_servers_that_are_gone_are_a_weakness_with_what_to_do(tmp_path: Path) -> None:
    port = free_port()
    changes = ("tts.server=wyoming", f"tts.wyoming.port={port}", "wake.server=wyoming", f"wake.wyoming.port={port}")
    findings = await _elsewhere(elsewhere(tmp_path, *changes))
    assert [each.part for each in findings] == ["voice server", "wake service"]
    for each in findings:
        assert each.health is Health.WEAK
        assert "see that it runs" in each.found


def of_rooms(tmp_path: Path, *rooms: config.RoomDevice) -> Context:
    settings = config.Settings(rooms=config.Rooms(devices=rooms))
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def test_each_room_is_told_whether_it_answers_and_what_to_do(tmp_path: Path) -> None:
    async with serving(FakeSatellite()) as it:
        kitchen = config.RoomDevice(name="kitchen", kind="wyoming", host="127.0.0.1", port=it.port)
        bath = config.RoomDevice(name="bath", kind="wyoming", host="127.0.0.1", port=free_port())
        well, broken = await _rooms(of_rooms(tmp_path, kitchen, bath))
    assert (well.part, well.health) == ("room kitchen", Health.WELL)
    assert "Kitchen satellite" in well.found
    assert (broken.part, broken.health) == ("room bath", Health.BROKEN)
    assert "see that it is on" in broken.found + broken.advice


async def test_a_room_that_is_heard_just_now_is_left_in_peace(tmp_path: Path) -> None:
    async with serving(FakeSatellite()) as it:
        kitchen = config.RoomDevice(name="kitchen", kind="wyoming", host="127.0.0.1", port=it.port)
        (finding,) = await _rooms(of_rooms(tmp_path, kitchen), lambda _room: False)
        assert it.connections == 0
    assert finding.health is Health.WELL
    assert "is connected" in finding.found


async def test_beside_a_daemon_no_model_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opens(*_arguments: object) -> None:
        raise AssertionError("a model was loaded")

    daemon = (Program(1, ("digital-life", "run")),)
    monkeypatch.setattr(app, "choose_models", lambda _context: SimpleNamespace(why="small", advice=()))
    monkeypatch.setattr(homecheck, "daemons", lambda _home: daemon)
    monkeypatch.setattr(app, "open_parts", opens)
    found = {each.part: each for each in await examine(context(tmp_path))}
    assert "no model was loaded a second time" in found["speed"].found
    assert found["home folder"].health is Health.WELL


async def test_what_is_tried_out_is_a_home_like_this_one_that_is_gone_afterwards(tmp_path: Path) -> None:
    with Store.open(tmp_path / LIFE, FakeEmbedder()) as store:
        store.begin_conversation(datetime.now(UTC))
    (tmp_path / "volume").write_text("0.5")
    (tmp_path / READ).mkdir()
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*") if each.is_file()}
    async with _trial(context(tmp_path), with_life=True) as trial:
        with Store.open(trial.home / LIFE, FakeEmbedder()) as store:
            assert store.latest_conversation()
            store.begin_conversation(datetime.now(UTC))
        assert (trial.home / "volume").read_text() == "0.5"
        assert (trial.home / READ).resolve() == tmp_path / READ
    assert not trial.home.exists()
    assert {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*") if each.is_file()} == before
    async with _trial(context(tmp_path), with_life=False) as trial:
        assert not (trial.home / LIFE).exists()


@pytest.mark.parametrize(
    ("key", "advice"), [("soundserver-refused", "pulseaudio --start"), ("pactl-missing", "plug one in")]
)
def test_without_a_device_it_is_told_whether_the_sound_server_answers(
    monkeypatch: pytest.MonkeyPatch, key: str, advice: str
) -> None:
    def refuse() -> None:
        raise SoundError(key, what="info", cause="refused")

    monkeypatch.setattr(soundserver, "running", refuse)
    assert advice in _device("microphone", "", [], words.load("en")).advice
