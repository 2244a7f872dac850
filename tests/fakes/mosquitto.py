"""A real broker: Debian's mosquitto on a free port of this machine, that can be stopped, killed and made to hang."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from digital_life.values import Published

HOST = "127.0.0.1"
START_S = 20.0
"""Far more than it needs: the machine that tests is busy."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of PEM files that are good for two days and for 127.0.0.1 and localhost."""

    ca: Path
    server: Path
    server_key: Path
    client: Path
    client_key: Path

    @classmethod
    def made(cls, folder: Path) -> Self:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{name}.{kind}" for name in ("ca", "server", "client") for kind in ("pem", "key")]
        ca, ca_key, server, server_key, client, client_key = paths
        _certify(ca, ca_key, "Test CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        signed = ("-CA", str(ca), "-CAkey", str(ca_key))
        names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
        _certify(server, server_key, "localhost", *signed, "-addext", names)
        _certify(client, client_key, "companion", *signed)
        return cls(ca, server, server_key, client, client_key)


class Mosquitto:
    """The broker, from `with` to its end; nothing it keeps outlives `stop` unless `persistent`.

    `passwords`: of each user; without any everybody is let in. `tls`: its certificates are `certificates`.
    `wants_certificate`: of its clients too. `websockets`: a second listener, at `websockets_port`.
    `settings`: more lines of mosquitto.conf.
    """

    def __init__(
        self,
        *,
        passwords: Mapping[str, str] | None = None,
        tls: bool = False,
        wants_certificate: bool = False,
        websockets: bool = False,
        persistent: bool = False,
        host: str = HOST,
        port: int = 0,
        settings: Sequence[str] = (),
        prefix: Sequence[str] = (),
    ) -> None:
        """`prefix`: what the program is run by, as in ("ip", "netns", "exec", "room")."""
        self.host = host
        self.port = port or free_port()
        self.websockets_port = free_port() if websockets else 0
        self._passwords = dict(passwords or {})
        self._tls = tls or wants_certificate
        self._wants_certificate = wants_certificate
        self._persistent = persistent
        self._settings = tuple(settings)
        self._prefix = tuple(prefix)
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._certificates: Certificates | None = None

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="mosquitto-"))
        try:
            self._write()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """All that it wrote since `with`."""
        path = self._folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def certificates(self) -> Certificates:
        assert self._certificates, "it was made without tls"
        return self._certificates

    def start(self) -> None:
        """Return when it takes connections, on the same port as before."""
        assert not self.running, "it runs already"
        told = self.log.count(" running")
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._prefix, _program("mosquitto"), "-c", str(self._folder / "mosquitto.conf")],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_S
        while self.log.count(" running") == told and self.running and time.monotonic() < until:
            time.sleep(0.005)
        assert self.running, self.log[-2000:]
        assert self.log.count(" running") > told, self.log[-2000:]

    def stop(self) -> None:
        """As its service is stopped: it says goodbye to its clients."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As when the power fails."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        """It hangs: its sockets stay open, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    @asynccontextmanager
    async def peer(
        self, *, user: str = "", keep_alive_s: int = 60, will: aiomqtt.Will | None = None
    ) -> AsyncGenerator[Peer]:
        """Somebody else on the broker: a device, Home Assistant, a person."""
        client = aiomqtt.Client(
            self.host,
            self.port,
            protocol=aiomqtt.ProtocolVersion.V5,
            username=user or next(iter(self._passwords), None),
            password=self._passwords.get(user or next(iter(self._passwords), "")),
            tls_context=self._tls_of_a_client(),
            keepalive=keep_alive_s,
            will=will,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )
        client.pending_calls_threshold = 100_000
        async with client:
            peer = Peer(client)
            reading = asyncio.create_task(peer.read(), name="peer.read")
            try:
                yield peer
            finally:
                reading.cancel()
                with contextlib.suppress(asyncio.CancelledError, aiomqtt.MqttError):
                    await reading

    def _tls_of_a_client(self) -> ssl.SSLContext | None:
        if not self._tls:
            return None
        context = ssl.create_default_context(cafile=self.certificates.ca)
        if self._wants_certificate:
            context.load_cert_chain(self.certificates.client, self.certificates.client_key)
        return context

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
            self._process.send_signal(signal.SIGCONT)
        self._process.wait(START_S)
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process, "it does not run"
        self._process.send_signal(number)

    def _write(self) -> None:
        lines = ["user root", f"listener {self.port} {self.host}", *self._secured()]
        if self.websockets_port:
            lines += [f"listener {self.websockets_port} {self.host}", "protocol websockets"]
        lines += ["set_tcp_nodelay true", "log_dest stderr", *self._kept(), *self._settings]
        (self._folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    def _secured(self) -> list[str]:
        lines = ["allow_anonymous true"]
        if self._passwords:
            passwords = self._folder / "passwords"
            passwords.write_text("".join(f"{user}:{password}\n" for user, password in self._passwords.items()))
            subprocess.run([_program("mosquitto_passwd"), "-U", passwords], check=True)
            lines = ["allow_anonymous false", f"password_file {passwords}"]
        if self._tls:
            made = self._certificates = Certificates.made(self._folder / "certificates")
            lines += [f"cafile {made.ca}", f"certfile {made.server}", f"keyfile {made.server_key}"]
            lines += [f"require_certificate {str(self._wants_certificate).lower()}"]
        return lines

    def _kept(self) -> list[str]:
        if not self._persistent:
            return ["persistence false"]
        # Written at each change: what is killed must not lose what it kept.
        return [
            "persistence true",
            f"persistence_location {self._folder}/",
            "autosave_on_changes true",
            "autosave_interval 1",
        ]


class Peer:
    """What it heard is in `heard`, in order."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.heard: list[Published] = []
        self._client = client
        self._news = asyncio.Event()

    async def subscribe(self, *patterns: str) -> None:
        for pattern in patterns:
            await self._client.subscribe(pattern, qos=1)

    async def publish(
        self,
        topic: str,
        payload: str | bytes = b"",
        *,
        qos: int = 1,
        retain: bool = False,
        answer_to: str = "",
        correlation: bytes = b"",
    ) -> None:
        """Return when the broker has taken it."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's has no types
        if answer_to:
            properties.ResponseTopic = answer_to
        if correlation:
            properties.CorrelationData = correlation
        await self._client.publish(topic, payload, qos, retain, properties)

    def payloads(self, topic: str) -> list[bytes]:
        return [each.payload for each in self.heard if each.topic == topic]

    async def hears(self, topic: str, payload: str | bytes | None = None, *, within_s: float = 10.0) -> Published:
        """The first message of `topic` (and with this payload) that was or will be heard. Raises TimeoutError."""
        wanted = payload.encode() if isinstance(payload, str) else payload
        async with asyncio.timeout(within_s):
            while True:
                for each in self.heard:
                    if each.topic == topic and wanted in (None, each.payload):
                        return each
                self._news.clear()
                await self._news.wait()

    async def read(self) -> None:
        async for message in self._client.messages:
            told = message.properties
            self.heard.append(
                Published(
                    str(message.topic),
                    bytes(message.payload),
                    1 if message.qos else 0,
                    message.retain,
                    getattr(told, "ResponseTopic", ""),
                    getattr(told, "CorrelationData", b""),
                )
            )
            self._news.set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> str:
    """Debian puts the broker where only root looks."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    assert found, f"{name} is not installed: apt-get install mosquitto"
    return found


def _certify(certificate: Path, key: Path, name: str, *options: str) -> None:
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    command = ["openssl", "req", "-x509", *made, "-keyout", str(key), "-out", str(certificate), *options]
    subprocess.run(command, check=True, capture_output=True)
