"""A password stands in a file, or systemd hands it over."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import config
from digital_life.backends.mqtt_login import Password
from digital_life.errors import BrokerError
from digital_life.secretfile import path_of


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
