"""A trusted person at the other end of a web address or of a mail."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING

import httpx

from digital_life.errors import ConfigError, ContactError
from digital_life.secretfile import path_of

if TYPE_CHECKING:
    from digital_life import config
    from digital_life.ports import TrustedContact

TIMEOUT_S = 20.0
MAILTO = "mailto:"
TLS_PORT = 465
"""The port on which a mail server speaks TLS from the first byte (RFC 8314); on others it is asked to (STARTTLS)."""


def contact(address: str, mail: config.Mail, *, subject: str) -> TrustedContact:
    """The person at `address`: of the web, or "mailto:…"; `subject` is that of a mail.

    Raises ConfigError for a mail without a server.
    """
    if address.startswith(MAILTO):
        if not (mail.host and (mail.sender or mail.user)):
            raise ConfigError("contact-without-server")
        return MailContact(address.removeprefix(MAILTO), mail, subject=subject)
    return WebContact(address)


class WebContact:
    """TrustedContact: a plain text is posted, as ntfy topics and most webhooks take it."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def tell(self, text: str) -> None:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                answer = await client.post(
                    self._url, content=text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
                )
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise ContactError("contact-refused", status=error.response.status_code) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ContactError("contact-unreachable", cause=str(error) or type(error).__name__) from error


class MailContact:
    """TrustedContact: a mail, encrypted on its way to the server."""

    def __init__(self, address: str, mail: config.Mail, *, subject: str) -> None:
        self._address = address
        self._mail = mail
        self._subject = subject

    async def tell(self, text: str) -> None:
        try:
            await asyncio.to_thread(self._send, text)
        except (OSError, smtplib.SMTPException) as error:
            raise ContactError("contact-unreachable", cause=str(error) or type(error).__name__) from error

    def _send(self, text: str) -> None:
        message = EmailMessage()
        message["From"] = self._mail.sender or self._mail.user
        message["To"] = self._address
        message["Subject"] = self._subject
        message.set_content(text)
        with self._server() as server:
            if self._mail.user:
                server.login(self._mail.user, path_of(self._mail.password_file).read_text(encoding="utf-8").strip())
            server.send_message(message)

    def _server(self) -> smtplib.SMTP:
        host, port, trusted = self._mail.host, self._mail.port, ssl.create_default_context()
        if port == TLS_PORT:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=trusted)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        try:
            server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
        return server
