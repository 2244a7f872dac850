"""What `scripts/bench fuzz` feeds to those who read files of a home folder, of models, and of other programs."""

from __future__ import annotations

import functools
import io
import json
import pickle
import tarfile
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import msgspec
import numpy as np

from benches.wrong import wrong
from digital_life import avatars, beginning, calibration, catalogue, config, mishaps, upgrade
from digital_life.backends import (
    arrays,
    backup_notes,
    checkpoint,
    documents,
    index,
    openwakeword,
    settingsfile,
    wakenotes,
)
from digital_life.backends import avatars as packages
from digital_life.backends.consents import FileConsents
from digital_life.backends.kept import Kept, Read
from digital_life.backends.persona import KeptName
from digital_life.devices import file as devices
from digital_life.errors import DigitalLifeError
from digital_life.memory import archive, foreign, reading
from digital_life.memory.waiting import Waiting
from digital_life.people.file import PeopleFile
from digital_life.proven import Proven
from digital_life.values import Reply, Timings, Transcript, Turn, WakeNote, Waking
from digital_life.web import login

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
PEOPLE = (
    b'{"people": [{"name": "Anna", "model": "c", "enrolled": "2026-11-01T10:00:00Z", "vectors": ["AAAAAAAAAAA="]}]}'
)
PROOFS = b'{"voice/a.onnx": {"sha256": "00", "size": 5, "mtime_ns": 1795298006000}}'
BEGUN = b'{"left": ["name", "place"], "starts": 1}'
MISHAPS = b'{"mishaps": [{"part": "voice", "when": "2026-11-01T10:00:00Z"}], "process": 7, "began": null}'
BACKED_UP = b'{"done": "2026-11-01T10:00:00Z", "target": "/media/disk", "failure": ""}'
CONSENTS = b"weather = true\nsearch = false\n"
SESSIONS = b'[{"digest": "a", "mark": "b", "until": 1795298006.5}]'
GISTS = b'[{"first": 0, "last": 3, "gist": "A fox."}]'
MEASURED = b'measured = 2026-11-01T10:00:00Z\ninput = ""\noutput = ""\n[settings.audio]\necho_delay_ms = 20\n'
DEVICES = (
    b'[[device]]\nname = "Lamp"\nkind = "light"\nroom = "kitchen"\naliases = ["light"]\ncommand_topic = "lamp/set"\n'
    b'[[device]]\nname = "Door"\nconfirm = true\n'
)
_AT = 1795298006000
DIGITAL_LIFE = json.dumps({
    "shortTermMemory": [{"role": "user", "content": "Hello.", "timestamp": _AT}],
    "longTermMemory": [{"uuid": "1", "startTime": _AT, "endTime": _AT, "title": "A talk", "summary": "We talked."}],
    "archivedMemory": [
        {"belongTo": "1", "role": "user", "content": "Hello.", "timestamp": _AT},
        {"belongTo": None, "role": "assistant", "content": "Good morning.", "timestamp": _AT},
    ],
    "memoryAboutSelf": "I am.", "selfName": "Ada",
}).encode()  # fmt: skip
MEMORY_BANK = json.dumps({
    "Anna": {
        "name": "Anna", "history": {"2026-11-01": [{"query": "Hello.", "response": "Good morning."}]},
        "summary": {"2026-11-01": {"content": "They talked."}}, "personality": {"2026-11-01": "kind"},
    }
}).encode()  # fmt: skip
FACE_2 = (
    b'{"model": "a.moc", "textures": ["a.png"], "expressions": [{"file": "b.json"}], "motions": {"a": [{"file": "c"}]}}'
)
FACE_3 = b'{"FileReferences": {"Moc": "a.moc3", "Textures": ["a.png"], "Motions": {"a": [{"File": "c"}]}}}'
WORD_FRAMES, WORD_WIDTH = 16, 96
Taking = Callable[[bytes, Random], Iterable[str]]


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def read_from(name: str, read: Callable[[Path], object]) -> Taking:
    """A file of that name in a home folder, read as it is at a start: refused with a sentence, or made the best of."""

    def take(held: bytes, _random: Random) -> Iterable[str]:
        home = Path(_folder().name)
        (home / name).write_bytes(held)
        try:
            return ["read" if read(home) else "nothing"]
        except DigitalLifeError:
            return ["refused"]

    return take


@functools.cache
def waiting() -> bytes:
    heard = Transcript("Hello. 你好。", "en", 0.9)
    turns = [Turn(each, MOMENT, None, heard, Reply("Good morning."), Timings(), by="Ada") for each in (3, 4)]
    return msgspec.json.encode(turns)


@functools.cache
def wakings() -> bytes:
    notes = [WakeNote(MOMENT, "alexa", 0.9, 0.7, -20.0, each) for each in Waking]
    return b"".join(msgspec.json.encode(each) + b"\n" for each in notes)


def waited(home: Path) -> object:
    waiting = Waiting(home)
    try:
        return waiting.load()
    finally:
        waiting.close()


def remembered(home: Path) -> object:
    """What another program remembered."""
    table = archive.json_of(home / "memory.json")
    with suppress(foreign.NotKnownError, LookupError):
        return [foreign.read(table, UTC, user=each) for each in [*foreign.users(table), ""]]
    return None


@functools.cache
def prompt() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Kept(Path(folder), key="k").save("a", Read([1, 2, 3], np.arange(64, dtype=np.uint8)))
        return (Path(folder) / "a.npz").read_bytes()


@functools.cache
def numbers() -> bytes:
    file = io.BytesIO()
    np.savez(file, a=np.arange(8, dtype=np.float32), b=np.array("text"))
    return file.getvalue()


@functools.cache
def wake_word() -> bytes:
    """A network of the shape that one has."""
    from onnx import TensorProto, helper  # noqa: PLC0415 - of the tests alone

    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, WORD_FRAMES, WORD_WIDTH])
    told = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 1])
    axes = helper.make_tensor("axes", TensorProto.INT64, [2], [1, 2])
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["x", "axes"], ["y"], keepdims=1)], "word", [given], [told], [axes]
    )
    made: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9
    ).SerializeToString()
    return made


@functools.cache
def voices() -> bytes:
    """A checkpoint of PyTorch without a tensor, which says much less than its reader knows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archived:
        archived.writestr(
            "archive/data.pkl", pickle.dumps(OrderedDict({"names": ["a", "b"], "sizes": (1, 2)}), protocol=2)
        )
        archived.writestr("archive/data/0", bytes(32))
    return file.getvalue()


@functools.cache
def wheel() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr(upgrade.SCHEMA, "MIGRATIONS = (a, b, c)\n")
        archived.writestr("digital_life-0.9.dist-info/METADATA", "Name: digital-life\nVersion: 0.9\n")
    return file.getvalue()


def heard(home: Path) -> object:
    word = openwakeword._Head(home / "word.onnx")  # noqa: SLF001 - without the networks beneath it
    return word.score(np.zeros((WORD_FRAMES * 2, WORD_WIDTH), np.float32)) + 1


@functools.cache
def package() -> bytes:
    """As npm packs them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archived:
        for name in ("package/model/a.json", "package/model/b.png"):
            told = tarfile.TarInfo(name)
            told.size = 200
            archived.addfile(told, io.BytesIO(bytes(200)))
    return packed.getvalue()


def unpacked(held: bytes, _random: Random) -> Iterable[str]:
    try:
        return ["unpacked" if packages.unpacked(held, folder="model") else "nothing"]
    except DigitalLifeError:
        return ["refused"]


def dressed(held: bytes, random: Random) -> Iterable[str]:
    try:
        avatars.files_of(held, random.choice((2, 4)), where="a.json")
    except DigitalLifeError:
        return ["refused"]
    return ["read"]


def settled(held: bytes, random: Random) -> Iterable[str]:
    """A file of settings that a person wrote, changed by the console."""
    change = random.choice(({"persona.name": "Ada"}, {"wake.threshold": 0.7}, {"persona.name": None}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(held)
        try:
            settingsfile.write(path, change)
        except DigitalLifeError:
            return ["refused"]
    return ["changed"]


def listed(held: bytes, _random: Random) -> Iterable[str]:
    try:
        catalogue.parse_catalogue(held.decode(errors="replace"), where="models.toml")
    except DigitalLifeError:
        return ["refused"]
    return ["read"]


_MODELS = (Path(__file__).resolve().parents[2] / "models" / "catalogue.toml").read_bytes()
_SETTINGS = (Path(__file__).resolve().parents[2] / "config" / "digital-life.toml").read_bytes()
_AUDIO = config.Audio()

READERS: Mapping[str, tuple[Callable[[Random], bytes], Taking]] = {
    "people.json": (wrong(PEOPLE), read_from("people.json", lambda home: PeopleFile(home).prints())),
    "waiting.json": (wrong(waiting), read_from("waiting.json", waited)),
    "what went wrong of late": (wrong(MISHAPS), read_from(mishaps.FILE, mishaps.read)),
    "lock.json of models": (wrong(PROOFS), read_from("lock.json", Proven)),
    "the first talk's note": (wrong(BEGUN), read_from("begun.json", lambda home: beginning.read(home / "begun.json"))),
    "backups' note": (wrong(BACKED_UP), read_from(backup_notes.NAME, backup_notes.read)),
    "consents": (wrong(CONSENTS), read_from("consents.toml", lambda home: FileConsents(home).allowed("weather"))),
    "notes of wakings": (wrong(wakings), read_from(wakenotes.NAME, wakenotes.read)),
    "log-ins": (wrong(SESSIONS), read_from("sessions.json", lambda home: login._kept(home / "sessions.json"))),  # noqa: SLF001
    "gists": (wrong(GISTS), read_from("gists.json", lambda home: reading._kept_in(home / "gists.json", None))),  # noqa: SLF001
    "calibration": (wrong(MEASURED), read_from(calibration.FILE, lambda home: calibration.load(home, _AUDIO))),
    "devices.toml": (wrong(DEVICES), read_from("devices.toml", lambda home: devices.load(home / "devices.toml", {}))),
    "personas' names": (wrong(b"Ada\n"), read_from("persona", lambda home: KeptName(home, "persona").name)),
    "saved prompts": (wrong(prompt), read_from("a.npz", lambda home: Kept(home, key="k").load())),
    "arrays": (wrong(numbers), read_from("numbers.npz", lambda home: arrays.read(home / "numbers.npz"))),
    "checkpoints": (wrong(voices), read_from("voice.pt", lambda home: checkpoint.read(home / "voice.pt") is not None)),
    "wake words": (wrong(wake_word), read_from("word.onnx", heard)),
    "memories of other programs": (wrong(DIGITAL_LIFE, MEMORY_BANK), read_from("memory.json", remembered)),
    "texts": (
        wrong("A fox. 狐狸。\n".encode() * 9),
        read_from("a.txt", lambda home: documents.text_of(home / "a.txt")),
    ),
    "wheels": (wrong(numbers), read_from("a.whl", lambda home: b"".join(index._read(home / "a.whl", "a.npy")))),  # noqa: SLF001
    "other versions": (wrong(wheel), read_from("b.whl", lambda home: upgrade.program_at(home / "b.whl"))),
    "avatars": (wrong(package), unpacked),
    "faces": (wrong(FACE_2, FACE_3), dressed),
    "changed settings": (wrong(_SETTINGS), settled),
    "catalogues": (wrong(_MODELS), listed),
}
"""What makes the bytes, and what takes them; whatever this raises is a fault."""
