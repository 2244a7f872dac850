"""The settings: the file says what the classes say, and what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from digital_life import config
from digital_life.errors import ConfigError

FILE = Path(__file__).resolve().parents[2] / "config" / "digital-life.toml"


def keys(table: dict[str, object], prefix: str = "") -> set[str]:
    found = set()
    for key, value in table.items():
        found |= keys(value, f"{prefix}{key}.") if isinstance(value, dict) and value else {prefix + key}
    return found


def test_the_shipped_file_holds_every_key_with_its_default() -> None:
    assert config.load(FILE) == config.Settings()
    written = msgspec.toml.decode(FILE.read_bytes())
    assert keys(written) == keys(msgspec.to_builtins(config.Settings()))


def test_without_a_file_everything_has_its_default() -> None:
    assert config.load(None) == config.Settings()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("persona.name=Ada", "Ada"),
        ("persona.name='小灵'", "小灵"),
        ("persona.name=小灵 二号", "小灵 二号"),
        ("persona.name = Ada ", "Ada"),
    ],
)
def test_a_change_needs_no_quotes(change: str, expected: str) -> None:
    assert config.load(None, [change]).persona.name == expected


def test_a_change_goes_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[hearing]\nend_silence_ms = 700\n")
    assert config.load(file).hearing.end_silence_ms == 700
    assert config.load(file, ["hearing.end_silence_ms=900"]).hearing.end_silence_ms == 900


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("persona.nme=x", "persona.nme; did you mean persona.name?"),
        ("persona.zzzz=x", "no setting persona.zzzz"),
        ("wordz.x=1", "no setting wordz"),
        ("hearing.longest_s=-1", "hearing.longest_s"),
        ("hearing.longest_s=long", "hearing.longest_s"),
        ("conversation.languages=['fr']", "fr"),
        ("llm.server.address=192.168.1.5:8080", "llm.server.address"),
        ("llm.server.address=ftp://brain", "llm.server.address"),
        ("llm.server.address=http://me:secret@brain/v1", "llm.server.address"),
        ("llm.server.adress=http://brain/v1", "llm.server.adress; did you mean llm.server.address?"),
        ("persona.name", "is not key=value"),
        ("=x", "is not key=value"),
        ("persona.name.x=1", "persona.name"),
        ("llm.cache=q8_0", "needs llm.flash_attention = true"),
        ("llm.cache=q9", "q9"),
        ("wyoming.allow=['kitchen']", "'kitchen' in wyoming.allow is no address"),
        ("llm.lora=[{ scale = 1.0 }]", "path"),
    ],
)
def test_what_is_wrong_is_named(change: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(None, [change])
    assert said in str(caught.value)
    assert caught.value.exit_status == 78


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "kitchen.local"])  # noqa: S104 - that is what is tested
def test_wyoming_beyond_this_machine_needs_to_know_who_may_come(host: str) -> None:
    wanted = ["wyoming.enabled=true", f"wyoming.host='{host}'"]
    with pytest.raises(ConfigError, match=r"name in wyoming\.allow who may come"):
        config.load(None, wanted)
    settings = config.load(None, [*wanted, "wyoming.allow=['192.168.1.0/24', 'fd00::1']"])
    assert not settings.wyoming.local


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_wyoming_on_this_machine_alone_needs_no_list(host: str) -> None:
    assert config.load(None, ["wyoming.enabled=true", f"wyoming.host='{host}'"]).wyoming.local


def test_a_quantised_cache_is_taken_with_flash_attention() -> None:
    settings = config.load(None, ["llm.cache=q8_0", "llm.flash_attention=true"])
    assert settings.llm.cache == "q8_0"


def test_a_file_that_is_not_there_and_one_that_is_not_toml_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not there"):
        config.load(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"[persona\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(broken)


SEVERAL = """
personas = [{ name = "Ada", voices = { en = "en_US-joe-medium" } }, { name = "小雅", life = "ya", language = "zh" }]
[persona]
name = "Jarvis"
user = "Eve"
[models]
voices = { zh = "kokoro-82m" }
"""


def test_there_may_be_several_personas_each_with_its_voices_and_its_life(tmp_path: Path) -> None:
    file = tmp_path / "several.toml"
    file.write_text(SEVERAL, encoding="utf-8")
    settings = config.load(file)
    jarvis, ada, ya = settings.cast
    assert [(each.name, each.user, each.life) for each in settings.cast] == [
        ("Jarvis", "Eve", ""),
        ("Ada", "", ""),
        ("小雅", "", "ya"),
    ]
    assert settings.models_of(jarvis) == settings.models
    assert settings.models_of(ada).voices == {"zh": "kokoro-82m", "en": "en_US-joe-medium"}
    assert ya.language == "zh"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("personas=[{name='jarvis'}]", "two personas are called jarvis"),
        ("personas=[{name='Ada'}, {name='ADA'}]", "two personas are called ada"),
        ("personas=[{life='x'}]", "name"),
        ("personas=[{name='Ada', life='../x'}]", "personas[0].life"),
        ("personas=[{name='Ada', life='a/b'}]", "personas[0].life"),
        ("personas=[{name='Ada', moood='x'}]", "moood"),
    ],
)
def test_personas_that_cannot_be_are_named(change: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(None, [change])
    assert said in str(caught.value)
