"""The certificate that the web server shows."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import Final

from digital_life import config
from digital_life.errors import WebError
from digital_life.secretfile import path_of

STEPS: Final = 4
"""Turns that a handshake takes at most."""
OVER: Final = "web-certificate-time"
TIMES: Final = (9, 10)
"""What OpenSSL says of a certificate whose time has not come, or is over."""


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


def valid_until(settings: config.Web) -> datetime | None:
    """How long browsers take the certificate; None where nothing is encrypted. Blocking.

    Raises WebError also where its time is over, or has not come.
    """
    server = open_tls(settings)
    if server is None:
        return None
    path = path_of(settings.certificate_file)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    # Whoever signed it: the time alone is asked about.
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        client.load_verify_locations(path)
        shown = _shown(client, server)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code in TIMES:
            raise WebError(OVER, path=path, cause=error.verify_message) from error
        return None
    except ssl.SSLError:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown), UTC)


def _shown(client: ssl.SSLContext, server: ssl.SSLContext) -> str:
    """The end of the certificate's time, of a handshake in memory. Raises ssl.SSLError."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(back, there)
    answering = server.wrap_bio(there, back, server_side=True)
    for step in range(STEPS):
        side = answering if step % 2 else asking
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    certificate = asking.getpeercert() or {}
    return str(certificate["notAfter"])
