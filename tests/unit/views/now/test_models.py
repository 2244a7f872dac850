"""Which models are in use, how large, under which licence, and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from digital_life import words
from digital_life.catalogue import Catalogue, File, Model, ProfileModels, Role, Store
from digital_life.config import Companion, Conversation, Llm, Models, Server, Settings, Wake, WakeWord
from digital_life.errors import ModelError
from digital_life.values import Language
from digital_life.views.now.models import Models as InUseModels
from digital_life.views.now.models import resources
from digital_life.web.resource import Call


def model(name: str, role: Role, **more: Any) -> Model:
    return Model(name=name, role=role, files=(File(name="model.bin", size=1_000),), licence="MIT", **more)


PROFILE = ProfileModels(
    memory_gb=0, cores=1, language_model=("qwen",), speech_to_text=("whisper",), voices={"en": ("joe",), "zh": ("hua",)}
)
CATALOGUE = Catalogue(
    profiles={"small": PROFILE, "better": PROFILE},
    models=(
        model("qwen", "language-model", memory_mb=700),
        model("whisper", "speech-to-text"),
        model("joe", "voice", engine="piper"),
        model("ada", "voice", engine="piper"),
        model("hua", "voice", engine="piper"),
        model("melody", "end-of-turn"),
        model("features", "wake-features"),
        model("hey_jarvis", "wake-word"),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Everything is there but for the Chinese voice."""
    made = Store(tmp_path, CATALOGUE)
    for each in CATALOGUE.models:
        if each.name != "hua":
            install(made, each.name)
    return made


def install(store: Store, name: str) -> None:
    found = store.find(name)
    path = store.path(found, found.files[0])
    path.parent.mkdir(parents=True)
    path.write_text("model")


def settings(
    *, server: str = "", own: tuple[str, ...] = (), languages: tuple[Language, ...] = ("en", "zh")
) -> Settings:
    return Settings(
        conversation=Conversation(languages=languages),
        models=Models(profile="small"),
        wake=Wake(words=tuple(WakeWord(model=each) for each in ("hey_jarvis", *own))),
        llm=Llm(server=Server(address=server, model="gemma" if server else "")),
    )


def companion(voices: Mapping[Language, str] | None = None) -> Companion:
    return Companion(name="Ada", voices=dict(voices or {}))


async def shown(store: Store, settings: Settings, *, present: Companion | None = None) -> Any:
    models = InUseModels(store, settings, present=lambda: present or companion())
    (resource,) = resources(models, store, settings=settings)
    return msgspec.json.decode(msgspec.json.encode(await resource.answer(Call(words.load("en")))))


async def test_each_part_is_told_with_its_size_and_licence(store: Store) -> None:
    told = await shown(store, settings())
    assert [(each["role"], each["name"]) for each in told["models"]] == [
        ("language-model", "qwen"),
        ("speech-to-text", "whisper"),
        ("end-of-turn", "melody"),
        ("wake-features", "features"),
        ("wake-word", "hey_jarvis"),
        ("voice", "joe"),
        ("voice", "espeak-ng"),
    ]
    qwen = told["models"][0]
    assert (qwen["size"], qwen["memory_mb"], qwen["licence"]) == (1_000, 700, "MIT")
    assert told["profile"] == "small"
    assert told["why"]
    assert "hua" in told["advice"][0]


async def test_the_voice_is_that_of_whoever_speaks(store: Store) -> None:
    told = await shown(store, settings(), present=companion({"en": "ada", "zh": "espeak"}))
    voices = [(each["name"], each["language"]) for each in told["models"] if each["role"] == "voice"]
    assert voices == [("ada", "en"), ("espeak-ng", "zh")]


async def test_what_thinks_elsewhere_and_what_the_person_made_is_told_too(store: Store) -> None:
    told = await shown(store, settings(server="http://shelf:8080", own=("/mine/hey_ada.onnx",), languages=("en",)))
    assert told["models"][0] | {"role": "", "about": ""} == {
        "role": "",
        "name": "gemma",
        "language": None,
        "about": "",
        "size": 0,
        "memory_mb": 0,
        "licence": "",
        "server": "http://shelf:8080",
    }
    assert told["models"][-1]["name"] == "hey_ada"


def test_where_something_essential_is_missing_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        InUseModels(Store(tmp_path, CATALOGUE), settings(), present=companion)
