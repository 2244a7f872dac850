"""The trusted person is reached over a real web server and a real mail server, and a failure is told."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from digital_life import config
from digital_life.backends.contact import contact
from digital_life.errors import ConfigError, ContactError
from fakes.servers import certify, mail_server, web_server

TEXT = "Ada 可能需要你。"
NO_MAIL = config.Mail()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certify(tmp_path_factory.mktemp("mail"))


def mail(port: int, folder: Path) -> config.Mail:
    password = folder / "password"
    password.write_text("secret\n")
    return config.Mail(host="127.0.0.1", port=port, user="life@example.org", password_file=str(password))


async def test_a_text_is_posted() -> None:
    async with web_server() as server:
        await contact(server.url, NO_MAIL, subject="").tell(TEXT)
    assert server.bodies == [TEXT]
    assert "POST /topic" in server.heads[0]
    assert "text/plain; charset=utf-8" in server.heads[0]


async def test_a_server_that_refuses_is_told() -> None:
    async with web_server() as server:
        server.status = 403
        with pytest.raises(ContactError, match="403"):
            await contact(server.url, NO_MAIL, subject="").tell(TEXT)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/topic", "http://[broken"])
async def test_an_address_without_a_server_is_told(address: str) -> None:
    with pytest.raises(ContactError, match=r"care\.contact"):
        await contact(address, NO_MAIL, subject="").tell(TEXT)


async def test_a_mail_is_sent_encrypted(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with mail_server(certificate) as server:
        person = contact("mailto:bo@example.org", mail(server.port, tmp_path), subject="Ada 需要你")
        await person.tell(TEXT)
    assert server.encrypted
    assert server.commands[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    sent = message_from_bytes(server.mails[0], policy=policy.default)
    assert (sent["To"], sent["From"], sent["Subject"]) == ("bo@example.org", "life@example.org", "Ada 需要你")
    assert sent.get_content().strip() == TEXT


async def test_a_mail_is_not_sent_to_a_server_that_cannot_encrypt(certificate: Path, tmp_path: Path) -> None:
    async with mail_server(certificate, starttls=False) as server:
        with pytest.raises(ContactError, match="STARTTLS"):
            await contact("mailto:bo@example.org", mail(server.port, tmp_path), subject="").tell(TEXT)
    assert server.mails == []


async def test_a_mail_is_not_sent_to_a_server_that_nobody_vouches_for(certificate: Path, tmp_path: Path) -> None:
    async with mail_server(certificate) as server:
        with pytest.raises(ContactError, match="certificate"):
            await contact("mailto:bo@example.org", mail(server.port, tmp_path), subject="").tell(TEXT)
    assert server.mails == []


async def test_a_missing_password_file_is_told(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with mail_server(certificate) as server:
        settings = mail(server.port, tmp_path)
        (tmp_path / "password").unlink()
        with pytest.raises(ContactError, match="password"):
            await contact("mailto:bo@example.org", settings, subject="").tell(TEXT)


def test_a_mail_address_without_a_server_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match=r"care\.mail\.host"):
        contact("mailto:bo@example.org", NO_MAIL, subject="")
