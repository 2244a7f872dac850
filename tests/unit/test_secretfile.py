"""A password stands in a file, or systemd hands it over."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import config
from digital_life.backends.mqtt_login import Password
from digital_life.errors import BrokerError
from digital_life.secretfile import path_of, word_in


def test_a_file_is_where_it_is_said_to_be() -> None:
    assert path_of("/etc/secret") == Path("/etc/secret")
    assert path_of("~/secret") == Path.home() / "secret"


def test_a_credential_is_where_systemd_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "mqtt_password").write_text("open sesame\n")
    (tmp_path / "mqtt_password").chmod(0o400)
    settings = config.Mqtt(user="ada", password_file="credential:mqtt_password")  # noqa: S106 - where it stands
    assert Password(settings).read() == "open sesame"


def test_without_systemd_the_error_names_the_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    settings = config.Mqtt(user="ada", password_file="credential:mqtt_password")  # noqa: S106 - where it stands
    with pytest.raises(BrokerError, match="credential:mqtt_password"):
        Password(settings).read()


def test_a_key_is_the_one_word_of_its_file(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(" s3cret\n\n")
    assert word_in(key) == "s3cret"


@pytest.mark.parametrize("content", [b"", b"two words", b"a\0b", "ключ".encode()])
def test_what_is_no_single_word_is_refused_without_being_told(tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "key"
    key.write_bytes(content)
    with pytest.raises(ValueError, match=str(key)) as raised:
        word_in(key)
    assert raised.value.args == (key,)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
