"""The certificate that the web server shows."""

from __future__ import annotations

import ssl

from digital_life import config
from digital_life.errors import WebError
from digital_life.secretfile import path_of


def open_tls(settings: config.Web) -> ssl.SSLContext | None:
    """None where it is not to be encrypted. Blocking: it reads files. Raises WebError."""
    if not settings.certificate_file and not settings.key_file:
        return None
    if not (settings.certificate_file and settings.key_file):
        raise WebError("web-half-certificate")
    certificate, key = path_of(settings.certificate_file), path_of(settings.key_file)
    for setting, path in (("certificate_file", certificate), ("key_file", key)):
        if not path.is_file():
            raise WebError("web-no-file", setting=setting, path=path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # An empty password: else OpenSSL would ask the terminal for that of an encrypted key, and wait.
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        raise WebError("web-certificate", path=certificate, key_path=key, cause=error) from error
    return context
