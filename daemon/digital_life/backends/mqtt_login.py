"""What is shown to an MQTT broker to be let in, and by what the broker is known: password, certificates."""

from __future__ import annotations

import logging
import ssl
import stat
from pathlib import Path

from digital_life import config
from digital_life.errors import BrokerError, ConfigError
from digital_life.secretfile import path_of

log = logging.getLogger(__name__)


def check(settings: config.Mqtt) -> None:
    """Raise ConfigError for settings that contradict each other."""
    for setting in ("ca_file", "certificate_file", "key_file"):
        if getattr(settings, setting) and not settings.tls:
            # To be silent would be to send in the clear what was meant to be encrypted.
            raise ConfigError("mqtt-without-tls", setting=f"mqtt.{setting}")
    if bool(settings.certificate_file) != bool(settings.key_file):
        raise ConfigError("mqtt-half-certificate")
    if settings.password_file and not settings.user:
        raise ConfigError("mqtt-password-without-user")


def trust(settings: config.Mqtt) -> ssl.SSLContext | None:
    """Whom to believe and who one is; None without TLS. Blocking: it reads files. Raises ConfigError."""
    if not settings.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=_path(settings.ca_file))
    except OSError as error:
        raise _unusable("ca_file", settings.ca_file, error) from error
    if settings.ca_file:
        # Python 3.13 wants a certificate to say what it is for; one that is made as mosquitto-tls(7) tells does not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if settings.certificate_file:
        certificate, key = _path(settings.certificate_file), _path(settings.key_file)
        setting = "certificate_file" if not Path(certificate or "").is_file() else "key_file"
        try:
            # An empty password: else OpenSSL would ask the terminal for that of an encrypted key, and wait.
            context.load_cert_chain(certificate or "", key, password="")
        except OSError as error:
            raise _unusable(setting, getattr(settings, setting), error) from error
    return context


class Password:
    """Of the file in the settings, read anew at each attempt: it may be put right meanwhile."""

    def __init__(self, settings: config.Mqtt) -> None:
        self._path = path_of(settings.password_file) if settings.password_file else None
        self._warned = False

    def read(self) -> str | None:
        """None where none is set. Raises BrokerError."""
        if self._path is None:
            return None
        try:
            password = self._path.read_text(encoding="utf-8").rstrip("\r\n")
            mode = self._path.stat().st_mode
        except (OSError, UnicodeDecodeError) as error:
            raise BrokerError("mqtt-password-unreadable", path=self._path) from error
        if mode & (stat.S_IRGRP | stat.S_IROTH) and not self._warned:
            self._warned = True
            log.warning("others on this machine can read the MQTT password; type `chmod 600 %s`", self._path)
        return password


def _path(written: str) -> str | None:
    return str(path_of(written)) if written else None


def _unusable(setting: str, path: str, error: OSError) -> ConfigError:
    return ConfigError("mqtt-file", setting=f"mqtt.{setting}", path=path, cause=error.strerror or error)
