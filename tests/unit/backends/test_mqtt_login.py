from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from digital_life import config
from digital_life.backends import mqtt_login
from digital_life.errors import BrokerError, ConfigError
from fakes.mosquitto import Certificates


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize(
    ("settings", "key", "told"),
    [
        ({"ca_file": "ca.pem"}, "mqtt-without-tls", "mqtt.ca_file"),
        ({"tls": True, "certificate_file": "c.pem"}, "mqtt-half-certificate", "mqtt.key_file"),
        ({"tls": True, "key_file": "c.key"}, "mqtt-half-certificate", "mqtt.certificate_file"),
        ({"password_file": "p"}, "mqtt-password-without-user", "mqtt.user"),
    ],
)
def test_settings_that_contradict_each_other_are_told_at_once(settings: dict[str, str], key: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as raised:
        mqtt_login.check(config.Mqtt(**settings))  # type: ignore[arg-type]  # of each test its own
    assert raised.value.key == key


def test_a_file_that_is_not_there_or_no_certificate_is_told_by_its_setting(tmp_path: Path, made: Certificates) -> None:
    missing, nonsense = str(tmp_path / "none.pem"), tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    for path in (missing, str(nonsense)):
        with pytest.raises(ConfigError, match=r"\(mqtt.ca_file\)"):
            mqtt_login.trust(config.Mqtt(tls=True, ca_file=path))
    good, key = str(made.client), str(made.client_key)
    with pytest.raises(ConfigError, match=r"\(mqtt.certificate_file\)"):
        mqtt_login.trust(config.Mqtt(tls=True, certificate_file=missing, key_file=key))
    with pytest.raises(ConfigError, match=r"\(mqtt.key_file\)"):
        mqtt_login.trust(config.Mqtt(tls=True, certificate_file=good, key_file=missing))


def test_who_is_trusted_is_in_the_settings(made: Certificates) -> None:
    assert mqtt_login.trust(config.Mqtt()) is None
    trust = mqtt_login.trust(config.Mqtt(tls=True, ca_file=str(made.ca)))
    assert trust
    assert trust.verify_mode == ssl.CERT_REQUIRED
    assert trust.check_hostname
    assert len(trust.get_ca_certs()) == 1


def test_the_password_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "password"
    password = mqtt_login.Password(config.Mqtt(user="ada", password_file=str(path)))
    with pytest.raises(BrokerError, match=r"mqtt\.password_file"):
        password.read()
    path.write_text("open sesame \n")
    assert password.read() == "open sesame "
    assert mqtt_login.Password(config.Mqtt()).read() is None


def test_a_password_that_others_can_read_is_warned_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "password"
    path.write_text("sesame")
    path.chmod(0o644)
    password = mqtt_login.Password(config.Mqtt(user="ada", password_file=str(path)))
    assert password.read() == password.read() == "sesame"
    assert caplog.text.count("chmod 600") == 1
    assert "sesame" not in caplog.text


def test_a_password_of_ones_own_is_not_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "password"
    path.write_text("sesame")
    path.chmod(0o600)
    mqtt_login.Password(config.Mqtt(user="ada", password_file=str(path))).read()
    assert caplog.text == ""
