"""The settings file: changed key by key, and all else of it left as it was."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from digital_life import config, keys
from digital_life.backends import settingsfile
from digital_life.errors import ConfigError
from digital_life.worker import Worker

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "digital-life.toml"
DESCRIBED = {each.name: each for each in keys.described()}
TEXTS = some.text(some.characters(codec="utf-8"), max_size=20)
OWN = """# My settings.
[persona]
# What my mother called me.
user = "Eve" # short for Evelyn

# The room is loud.
[hearing]
voice_threshold = 0.7

[devices.rooms]
"Desk lamp" = "study" # since May
lamp = "hall"

[[personas]]
# The kind one.
name = "Ada"

[[personas]]
# The strict one.
name = "Bo"
"""


def written(text: str, **changes: object) -> str:
    return settingsfile.changed(text, {name.replace("__", "."): value for name, value in changes.items()})


def comments(text: str) -> list[str]:
    """In their order."""
    return re.findall(r"^#.*$|(?<= )#[^\"\n]*$", text, re.MULTILINE)


def values(key: keys.Key) -> some.SearchStrategy[Any]:
    """Of that kind, valid or nearly so."""
    own = TEXTS | some.sampled_from(["http://brain:8080/v1", "Ada", "mailto:a@b"])
    by_kind: dict[keys.Kind, some.SearchStrategy[Any]] = {
        keys.Kind.SWITCH: some.booleans(),
        keys.Kind.WHOLE: some.integers(-5, 70_000),
        keys.Kind.NUMBER: some.floats(-2, 100) | some.integers(0, 3),
        keys.Kind.CHOICE: some.sampled_from(key.choices or ("",)),
        keys.Kind.CHOICES: some.lists(some.sampled_from(key.choices or ("",)), max_size=3),
        keys.Kind.LIST: some.lists(TEXTS, max_size=3),
        keys.Kind.TABLE: some.dictionaries(some.sampled_from(key.choices) if key.choices else TEXTS, TEXTS, max_size=3),
        keys.Kind.RECORDS: some.lists(record(key), max_size=3),
        keys.Kind.DEVICE: TEXTS | some.integers(0, 9),
        keys.Kind.HOURS: some.sampled_from(["", "22:00-07:00", "1-2"]),
    }
    return by_kind.get(key.kind, own)


def record(key: keys.Key) -> some.SearchStrategy[dict[str, Any]]:
    needed = {each.name: values(each) for each in key.fields if each.default is None}
    return some.fixed_dictionaries(
        needed, optional={each.name: values(each) for each in key.fields if each.name not in needed}
    )


CHANGES = some.lists(some.sampled_from(sorted(DESCRIBED)), min_size=1, max_size=4, unique=True).flatmap(
    lambda names: some.fixed_dictionaries({name: some.none() | values(DESCRIBED[name]) for name in names})
)


@pytest.mark.parametrize("text", [SHIPPED.read_text(encoding="utf-8"), OWN, ""], ids=["shipped", "own", "none"])
@settings(max_examples=60, deadline=None)
@given(changes=CHANGES)
@example(changes={"persona.character": 'a "quoted"\n# line\\ \x00\x7f', "personas": None})
@example(changes={"llm.server.address": "http://brain", "llm.context": 600})
@example(changes={"devices.rooms": {"a.b": "x", "": "y", "灯": '"'}, "wake.words": [{"model": "x"}]})
def test_what_is_valid_comes_back_and_no_comment_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str, changes: dict[str, object]
) -> None:
    file = tmp_path_factory.getbasetemp() / "changing.toml"
    file.write_text(text, encoding="utf-8")
    wanted = tomllib.loads(text)
    for name, value in changes.items():
        settingsfile._put(wanted, name.split("."), value)
    try:
        meant = config.from_table(wanted, where="")
    except ConfigError:
        with pytest.raises(ConfigError):
            settingsfile.write(file, changes)
        assert file.read_text(encoding="utf-8") == text
        return
    settingsfile.write(file, changes)
    assert config.load(file) == meant
    if "personas" not in changes and "devices.rooms" not in changes:
        after = comments(file.read_text(encoding="utf-8"))
        assert [each for each in after if each in comments(text)] == comments(text)


def test_a_value_changes_and_its_line_stays_as_it_was() -> None:
    assert written(OWN, persona__user="Eva") == OWN.replace('"Eve"', '"Eva"')


def test_a_new_key_stands_with_its_table_and_above_the_comments_of_the_next() -> None:
    assert 'user = "Eve" # short for Evelyn\nname = "Ada"\n\n# The room is loud.\n[hearing]' in written(
        OWN, persona__name="Ada"
    )


def test_a_new_table_stands_at_the_end() -> None:
    assert written(OWN, llm__server__model="qwen") == f'{OWN}\n[llm.server]\nmodel = "qwen"\n'
    assert written("", llm__context=600) == "[llm]\ncontext = 600\n"


def test_what_was_added_and_taken_back_leaves_nothing() -> None:
    for name, value in {"llm.server.model": "qwen", "persona.name": "Kim", "hearing.pause_ms": 90}.items():
        once = settingsfile.changed(OWN, {name: value})
        assert settingsfile.changed(once, {name: None}) == OWN


def test_the_comment_at_the_end_of_a_line_outlives_it() -> None:
    assert "# What my mother called me.\n# short for Evelyn\n" in written(OWN, persona__user=None)


def test_of_several_personas_those_that_stay_keep_their_comments() -> None:
    after = written(OWN, personas=[{"name": "Bo", "user": "Ev"}, {"name": "Cy"}])
    assert "The kind one" not in after
    assert '# The strict one.\nname = "Bo"\nuser = "Ev"\n' in after
    assert tomllib.loads(after)["personas"] == [{"name": "Bo", "user": "Ev"}, {"name": "Cy"}]


def test_of_a_table_of_names_those_that_stay_keep_their_comments() -> None:
    after = written(OWN, devices__rooms={"Desk lamp": "study", "fan": "loft"})
    assert '"Desk lamp" = "study" # since May\n' in after
    assert tomllib.loads(after)["devices"]["rooms"] == {"Desk lamp": "study", "fan": "loft"}


@pytest.mark.parametrize(
    "text",
    [
        'persona.name = "Ada" # mine\n',
        'persona = { name = "Ada" }\n',
        '[persona]\nname = "Ada"\n[hearing]\n[llm]\n[llm.server]\n[tools.weather]\n[audio]\n',
        '[llm]\ncontext = 600\n[audio]\n[llm.server]\nmodel = "x"\n',
        '[persona]\r\nname = "Ada"\r\n',
        'personas = [\n  # kind\n  { name = "Bo" },\n]\n',
        "[[llm.lora]]\npath = 'x'",
    ],
)
def test_a_file_of_any_form_is_changed(text: str, tmp_path: Path) -> None:
    file = tmp_path / "digital-life.toml"
    file.write_text(text, encoding="utf-8", newline="")
    for name, value in {
        "persona.name": "Bea",
        "persona.user": "Al",
        "llm.context": 900,
        "llm.server.model": "y",
    }.items():
        settingsfile.write(file, {name: value})
    settings = config.load(file)
    assert (settings.persona.name, settings.persona.user) == ("Bea", "Al")
    assert (settings.llm.context, settings.llm.server.model) == (900, "y")
    settingsfile.write(file, dict.fromkeys(("persona.name", "persona.user", "llm.context", "llm.server.model")))
    assert config.load(file).persona == config.Persona()


def test_a_new_file_is_for_nobody_else_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "new" / "digital-life.toml"
    kept = settingsfile.write(file, {"persona.name": "Ada"}, etag=settingsfile.NONE)
    assert kept.table == {"persona": {"name": "Ada"}}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    settingsfile.write(file, {"persona.name": "Bo"}, etag=kept.etag)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text(OWN, encoding="utf-8")
    link = tmp_path / "digital-life.toml"
    link.symlink_to("dotfiles.toml")
    settingsfile.write(link, {"persona.user": "Eva"})
    assert link.is_symlink()
    assert config.load(tmp_path / "dotfiles.toml").persona.user == "Eva"


def test_a_file_that_somebody_else_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "digital-life.toml"
    etag = settingsfile.read(file).etag
    file.write_text(OWN, encoding="utf-8")
    with pytest.raises(ConfigError, match="was changed"):
        settingsfile.write(file, {"persona.name": "Ada"}, etag=etag)
    assert file.read_text(encoding="utf-8") == OWN


@pytest.mark.parametrize("changes", [{"hearing.pause_ms": -1}, {"persona.nme": "x"}, {"llm.cache": "q8_0"}])
def test_nothing_invalid_is_written(changes: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "digital-life.toml"
    file.write_text(OWN, encoding="utf-8")
    with pytest.raises(ConfigError):
        settingsfile.write(file, {"persona.name": "Ada", **changes})
    assert file.read_text(encoding="utf-8") == OWN


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "digital-life.toml"
    file.write_text(OWN, encoding="utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        settingsfile.write(file, {"persona.name": "Kim"})
    assert file.read_text(encoding="utf-8") == OWN
    assert list(tmp_path.iterdir()) == [file]


KILLED = """
import os, signal, sys
from pathlib import Path
from digital_life.backends import settingsfile
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(*{"fsync": (os, "fsync", die), "replace": (Path, "replace", die)}[sys.argv[2]])
settingsfile.write(Path(sys.argv[1]), {"persona.name": "Kim"})
"""


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_whoever_is_killed_while_writing_leaves_the_old_file(at: str, tmp_path: Path) -> None:
    file = tmp_path / "digital-life.toml"
    file.write_text(OWN, encoding="utf-8")
    assert subprocess.run([sys.executable, "-c", KILLED, str(file), at], check=False).returncode == -9
    assert file.read_text(encoding="utf-8") == OWN
    settingsfile.write(file, {"persona.name": "Kim"})
    assert config.load(file).persona.name == "Kim"


async def test_it_is_read_and_written_on_its_thread(tmp_path: Path) -> None:
    async with Worker("settings") as worker:
        file = settingsfile.SettingsFile(tmp_path / "digital-life.toml", worker=worker)
        kept = await file.read()
        assert (kept.table, kept.etag, kept.writable) == ({}, settingsfile.NONE, True)
        await file.write({"persona.name": "Ada"}, etag=kept.etag)
        assert (await file.read()).table == {"persona": {"name": "Ada"}}
