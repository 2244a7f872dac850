"""What is served over HTTP, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import ssl
import stat
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digital_life import config
from digital_life.errors import WebError
from digital_life.web import asking
from digital_life.web import server as server_module
from digital_life.web.credentials import TOKEN_FILE
from digital_life.web.login import COOKIE, SESSIONS_FILE
from digital_life.web.server import open_server
from digital_life.web.site import Site
from fakes.served import POLICY, Served, served
from fakes.servers import certify

HEADERS = ("Cookie: digital-life=", "Cookie: ", "Accept-Language: ", "Authorization: Bearer ", "Origin: ", "Range: ")
PARTS = tuple(
    each.encode()
    for each in (*HEADERS, "?token=", "?language=", "%", "Host: ", "If-None-Match: ", "Content-Length: ", "Upgrade: ")
)
ANYWHERE = config.Web(host="0.0.0.0", port=0)  # noqa: S104 - listening everywhere is what is tested


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Served]:
    async with served(tmp_path) as open_to_us:
        yield open_to_us


@pytest.fixture
async def anywhere(tmp_path: Path) -> AsyncGenerator[Served]:
    """Served to other machines too, so a log-in is needed."""
    async with served(tmp_path, settings=ANYWHERE) as open_to_all:
        yield open_to_all


async def status(asked: aiohttp.client._RequestContextManager) -> int:
    async with asked as response:
        await response.read()
        return response.status


async def log_in(server: Served, secret: str, **form: str) -> aiohttp.ClientResponse:
    return await server.client.post(
        "/login", data={"secret": secret, **form}, headers=server.own, allow_redirects=False
    )


class TestServing:
    async def test_a_resource_answers_in_json_and_in_the_language_of_the_page(self, here: Served) -> None:
        async with here.client.get("/api/turns/7?language=zh&near=x") as response:
            assert await response.json() == {"number": 7, "language": "zh", "near": "x"}
        async with here.client.get("/api/turns/7", headers={"Accept-Language": "zh-CN"}) as response:
            assert (await response.json())["language"] == "zh"

    async def test_what_is_sent_as_json_is_read(self, here: Served) -> None:
        async with here.client.post("/api/wish", json={"text": "hi"}, headers=here.own) as response:
            assert response.status == 204
        assert await status(here.client.delete("/api/turns/3", headers=here.own)) == 204
        assert [str(each) for each in here.done] == ["Wish(text='hi')", "{'number': '3'}"]

    async def test_what_is_no_json_is_told_in_a_sentence(self, here: Served) -> None:
        for body in (b"{", b"\xff", b'{"text":1}', b"[]", b"", b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}"):
            headers = {**here.own, "Content-Type": "application/json"}
            async with here.client.post("/api/wish", data=body, headers=headers) as response:
                assert response.status == 400
                assert "understood" in (await response.json())["error"]
        async with here.client.get("/api/turns/x?language=zh") as response:
            assert (await response.json())["error"] == "“x”不是数字。"

    async def test_the_pages_are_served_pressed_and_only_when_they_have_changed(self, here: Served) -> None:
        async with here.client.get("/main.js", auto_decompress=False) as response:
            assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
            assert response.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(await response.read()) == (here.home / "pages" / "main.js").read_bytes()
        async with here.client.get("/main.js", headers={"If-None-Match": response.headers["ETag"]}) as again:
            assert (again.status, await again.read()) == (304, b"")
        async with here.client.get("/main.js", headers={"Accept-Encoding": "identity"}) as plain:
            assert "Content-Encoding" not in plain.headers
            assert len(await plain.read()) == 2600

    async def test_the_root_is_the_console_and_a_folder_is_found_without_its_slash(self, here: Served) -> None:
        for path in ("/", "/index.html", "/display/", "/display?avatar=own"):
            async with here.client.get(path) as response:
                assert "<title>Life" in await response.text(), path
        assert str(response.url) == f"{here.address}/display/?avatar=own"
        async with here.client.get("/words.json?language=zh") as document:
            assert await document.json() == {"language": "zh"}

    async def test_what_is_asked_for_its_head_has_no_body(self, here: Served) -> None:
        for path in ("/", "/main.js", "/api/turns/1", "/words.json", "/api/archive", "/api/archive?file=1"):
            async with here.client.head(path) as response:
                assert response.status == 200, path
                assert int(response.headers["Content-Length"]) > 0
                assert await response.read() == b""

    async def test_a_file_is_kept_for_its_owner_alone_and_is_gone_afterwards(self, here: Served) -> None:
        async def pieces() -> AsyncGenerator[bytes]:
            for _ in range(30):
                yield bytes(100_000)

        async with here.client.put("/api/file", data=pieces(), headers=here.own) as response:
            assert await response.json() == {"size": 3_000_000, "mode": "0o600"}
        assert isinstance(here.done[0], Path)
        assert not here.done[0].exists()

    async def test_a_download_has_its_name_and_its_file_is_gone_afterwards(self, here: Served) -> None:
        async with here.client.get("/api/archive") as response:
            assert response.content_disposition
            assert response.content_disposition.filename == "Leben 生活.zip"
            assert await response.read() == b"life"
        async with here.client.get("/api/archive?file=1") as response:
            assert await response.read() == bytes(3 << 20)
        await asyncio.sleep(0.05)
        assert not (here.home / "archive").exists()

    async def test_who_says_nothing_of_its_going_away_leaves_no_file(self, here: Served) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", here.port)
        head = f"PUT /api/file HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nOrigin: {here.address}\r\n"
        writer.write(f"{head}Content-Type: application/zip\r\nContent-Length: 5000000\r\n\r\nbeginning".encode())
        while not list(here.home.glob(f"{asking.UPLOAD}*")):
            await asyncio.sleep(0.01)
        writer.transport.abort()
        while list(here.home.glob(f"{asking.UPLOAD}*")):
            await asyncio.sleep(0.01)
        assert here.done == []

    async def test_an_error_is_a_sentence_in_the_language_of_the_page(
        self, here: Served, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with here.client.get("/api/fail/ours") as response:
            assert response.status == 400
            assert "x" in (await response.json())["error"]
        assert await status(here.client.get("/api/fail/missing")) == 404
        caplog.clear()
        async with here.client.get("/api/fail/strange?language=zh") as response:
            assert response.status == 500
            assert "secret" not in await response.text()
            assert "日志" in await response.text()
        assert [record.levelno for record in caplog.records] == [logging.ERROR]

    async def test_a_person_is_told_in_plain_words(self, here: Served) -> None:
        async with here.client.get("/nothing?language=zh", headers={"Accept": "text/html,*/*"}) as response:
            assert response.content_type == "text/plain"
            assert await response.text() == "这里什么也没有。"

    async def test_nothing_is_not_found_and_nothing_else_is_allowed(self, here: Served) -> None:
        assert await status(here.client.get("/nothing.js")) == 404
        assert await status(here.client.get("/api/nothing")) == 404
        assert await status(here.client.post("/api/nothing", headers=here.own)) == 404
        assert await status(here.client.post("/api/turns/1", headers=here.own)) == 405
        assert await status(here.client.options("/api/wish", headers={"Origin": "http://evil.example"})) == 405
        assert await status(here.client.request("TRACE", "/")) == 405
        assert await status(here.client.get("/socket", headers=here.own)) == 426

    async def test_every_answer_is_sealed(self, here: Served) -> None:
        for path in ("/", "/main.js", "/api/turns/1", "/nothing", "/api/fail/x", "/login", "/api/archive?file=1"):
            async with here.client.get(path) as response:
                told = response.headers
                assert told["X-Content-Type-Options"] == "nosniff"
                assert told["Cross-Origin-Opener-Policy"] == "same-origin"
                assert told["Cross-Origin-Resource-Policy"] == "same-origin"
                assert "microphone=(self)" in told["Permissions-Policy"]
                assert told["Content-Security-Policy"].startswith("default-src 'none'")
                assert told["Cache-Control"] in ("no-store", "no-cache")
                assert told["Server"] == "digital-life"
                assert told["Referrer-Policy"] == ("same-origin" if path == "/login" else "no-referrer")
        async with here.client.get("/") as response:
            assert response.headers["Content-Security-Policy"] == POLICY


class TestRefusing:
    @pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "192.168.1.5:{port}", ""])
    async def test_a_name_that_was_bound_to_us_anew(self, here: Served, host: str) -> None:
        headers = {"Host": host.format(port=here.port)}
        assert await status(here.client.get("/", headers=headers)) == 421
        assert await status(here.client.get("/api/turns/1", headers=headers)) == 421
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await here.client.ws_connect("/socket", headers={**headers, "Origin": f"http://{headers['Host']}"})
        assert refused.value.status == 421

    async def test_a_foreign_page(self, here: Served) -> None:
        for origin in (
            "http://evil.example",
            "null",
            f"http://localhost:{here.port}",
            f"http://127.0.0.1:{here.port + 1}",
        ):
            headers = {"Origin": origin}
            assert await status(here.client.get("/api/turns/1", headers=headers)) == 403
            assert await status(here.client.post("/api/wish", json={"text": "x"}, headers=headers)) == 403
            assert await status(here.client.delete("/api/turns/1", headers=headers)) == 403
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await here.client.ws_connect("/socket", headers=headers)
            assert refused.value.status == 403
        assert here.done == []

    async def test_a_socket_of_who_says_no_origin_and_shows_no_token(self, here: Served) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await here.client.ws_connect("/socket")
        assert here.channel.closings == 0

    async def test_a_form_of_any_page(self, here: Served) -> None:
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "nonsense"):
            headers = {**here.own, "Content-Type": kind}
            assert await status(here.client.post("/api/wish", data=b'{"text":"x"}', headers=headers)) == 415
        assert await status(here.client.post("/api/wish", data=b'{"text":"x"}')) == 403
        headers = {**here.own, "Content-Type": "multipart/form-data"}
        assert await status(here.client.put("/api/file", data=b"x", headers=headers)) == 415
        assert here.done == []

    async def test_what_is_too_large(self, here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        headers = {**here.own, "Content-Type": "application/json"}

        async def endless() -> AsyncGenerator[bytes]:
            for _ in range(40):
                yield b" " * 50_000

        async with here.client.post("/api/wish", data=endless(), headers=headers) as response:
            assert response.status == 413
            assert "1 MB" in await response.text()
        head = f"POST /api/wish HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nOrigin: {here.address}\r\n"
        told = await here.raw(f"{head}Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n".encode())
        assert told.startswith(b"HTTP/1.1 413")
        monkeypatch.setattr(asking, "FILE_BYTES", 1 << 20)
        assert await status(here.client.put("/api/file", data=endless(), headers=here.own)) == 413
        assert not list(here.home.glob(f"{asking.UPLOAD}*"))

    async def test_a_body_that_could_unfold(self, here: Served) -> None:
        headers = {**here.own, "Content-Type": "application/json", "Content-Encoding": "gzip"}
        bomb = gzip.compress(bytes(1 << 20))
        assert await status(here.client.post("/api/wish", data=bomb, headers=headers)) == 415

    async def test_a_body_that_does_not_come(self, here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(asking, "SILENCE_S", 0.05)
        head = f"POST /api/wish HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nOrigin: {here.address}\r\n"
        told = await here.raw(f"{head}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{{".encode())
        assert told.startswith(b"HTTP/1.1 408")

    @pytest.mark.parametrize(
        "sent",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
            b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
            b"\r\n\r\nnonsense\r\n\r\n",
        ],
    )
    async def test_what_is_no_http(self, here: Served, sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
        told = await here.raw(sent.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        assert told.split(b" ")[1] in (b"400", b"421")
        assert b"aiohttp" not in told
        assert b"Server: digital-life" in told
        assert not caplog.records
        assert await status(here.client.get("/")) == 200

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(PARTS), st.binary(max_size=30)), max_size=8))
    def test_whatever_bytes_come(self, tmp_path: Path, lines: list[tuple[bytes, bytes]]) -> None:
        async def send() -> None:
            async with served(tmp_path) as server:
                host = b"Host: 127.0.0.1:%d\r\nConnection: close\r\n" % server.port
                rest = b"".join(name + value.translate(None, b"\r\n") + b"\r\n" for name, value in lines[1:])
                first = b"".join((b"/", *lines[0])) if lines else b"/"
                told = await server.raw(
                    b"GET " + first.translate(None, b"\r\n") + b" HTTP/1.1\r\n" + host + rest + b"\r\n"
                )
                assert b"HTTP/1.1 500" not in told
                assert await status(server.client.get("/")) == 200

        asyncio.run(send())

    @pytest.mark.parametrize(
        "path",
        [
            "/../secret.txt",
            "/..%2fsecret.txt",
            "/%2e%2e/secret.txt",
            "/a/../../secret.txt",
            "//secret.txt",
            "/display/../../secret.txt",
            "/..\\secret.txt",
            "/%00",
            "/.",
            "/%c0%ae%c0%ae/secret.txt",
        ],
    )
    async def test_what_lies_outside_of_the_folders(self, here: Served, path: str) -> None:
        asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nConnection: close\r\n\r\n"
        told = await here.raw(asked.encode())
        assert told.split(b" ")[1] in (b"404", b"400")
        assert b"secret" not in told.split(b"\r\n\r\n", 1)[1]

    async def test_what_came_through_another_program(self, here: Served) -> None:
        for header in asking.PASSED_ON:
            assert await status(here.client.get("/api/turns/1", headers={header: "127.0.0.1"})) == 401
        old = await here.raw(f"GET /api/turns/1 HTTP/1.0\r\nHost: 127.0.0.1:{here.port}\r\n\r\n".encode())
        assert old.split(b" ")[1] == b"401"


class TestLoggingIn:
    async def test_nothing_is_served_to_who_has_not(self, anywhere: Served) -> None:
        assert await status(anywhere.client.get("/api/turns/1")) == 401
        assert await status(anywhere.client.get("/words.json")) == 401
        assert await status(anywhere.client.post("/api/wish", json={"text": "x"}, headers=anywhere.own)) == 401
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await anywhere.socket()
        assert refused.value.status == 401
        async with anywhere.client.get("/main.js", allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == "/login?next=%2Fmain.js"
        async with anywhere.client.get("/") as page:
            assert page.url.path == "/login"
            assert "Who is there?" in await page.text()
        for path in ("/login/login.css", "/icon.svg"):
            assert await status(anywhere.client.get(path)) == 200
            assert await status(anywhere.client.get(path, headers={"Host": "evil.example"})) == 421
        assert await status(anywhere.client.get("/login/login.html", allow_redirects=False)) == 303

    async def test_the_token_logs_in_and_the_browser_alone_knows_it(self, anywhere: Served) -> None:
        token = (anywhere.home / TOKEN_FILE).read_text().strip()
        assert stat.S_IMODE((anywhere.home / TOKEN_FILE).stat().st_mode) == 0o600
        response = await log_in(anywhere, token, next="/?language=zh")
        assert (response.status, response.headers["Location"]) == (303, "/?language=zh")
        cookie = response.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert response.cookies["language"].value == "en"
        assert cookie.value not in (anywhere.home / SESSIONS_FILE).read_text()
        assert stat.S_IMODE((anywhere.home / SESSIONS_FILE).stat().st_mode) == 0o600
        self._hold(anywhere, cookie.value)
        assert await status(anywhere.client.get("/api/turns/1")) == 200
        async with anywhere.socket() as page:
            assert (await page.receive()).data == '{"type":"hello"}'

    async def test_the_link_logs_in_once_and_the_address_forgets_the_token(self, anywhere: Served) -> None:
        token = (anywhere.home / TOKEN_FILE).read_text().strip()
        async with anywhere.client.get(f"/?token={token}&language=zh", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, "/?language=zh")
            assert COOKIE in response.cookies
            assert response.headers["Referrer-Policy"] == "no-referrer"
        async with anywhere.client.get("/?token=wrong", allow_redirects=False) as response:
            assert response.status == 403
            assert COOKIE not in response.cookies

    async def test_on_this_machine_the_link_is_only_made_short(self, here: Served) -> None:
        async with here.client.get("/?token=anything", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, "/")
            assert COOKIE not in response.cookies

    async def test_a_program_shows_the_token_with_each_request(self, anywhere: Served) -> None:
        token = (anywhere.home / TOKEN_FILE).read_text().strip()
        right, wrong = ({"Authorization": f"Bearer {each}"} for each in (token, "wrong"))
        assert await status(anywhere.client.post("/api/wish", json={"text": "x"}, headers=right)) == 204
        assert await status(anywhere.client.get("/api/turns/1", headers=wrong)) == 401
        async with anywhere.client.ws_connect("/socket", headers=right) as page:
            assert (await page.receive()).data == '{"type":"hello"}'
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await anywhere.client.ws_connect("/socket", headers=wrong)
        assert await status(anywhere.client.get("/", headers={**right, "Origin": "http://evil.example"})) == 403

    async def test_a_wrong_password_is_told_and_tried_five_times(self, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("open sesame\n")
        settings = config.Web(host="0.0.0.0", port=0, password_file=str(tmp_path / "password"))  # noqa: S104
        async with served(tmp_path, settings=settings) as server:
            for _ in range(5):
                response = await log_in(server, "let me in")
                assert response.status == 403
                assert "not right" in await response.text()
            limited = await log_in(server, "open sesame")
            assert limited.status == 429
            assert "10 seconds" in await limited.text()
            # Who knows the token is not kept out by who guesses.
            token = (tmp_path / TOKEN_FILE).read_text().strip()
            assert (await log_in(server, token)).status == 303

    async def test_the_password_logs_in_however_often(self, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("open sesame\n")
        settings = config.Web(host="0.0.0.0", port=0, password_file=str(tmp_path / "password"))  # noqa: S104
        async with served(tmp_path, settings=settings) as server:
            for _ in range(8):
                assert (await log_in(server, "open sesame")).status == 303

    async def test_who_sets_a_password_is_asked_for_it_on_this_machine_too(self, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("open sesame\n")
        settings = config.Web(host="127.0.0.1", port=0, password_file=str(tmp_path / "password"))
        async with served(tmp_path, settings=settings) as server:
            assert await status(server.client.get("/api/turns/1")) == 401
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await server.socket()
            response = await log_in(server, "open sesame")
            self._hold(server, response.cookies[COOKIE].value)
            assert await status(server.client.get("/api/turns/1")) == 200
            async with server.socket() as page:
                assert (await page.receive()).data == '{"type":"hello"}'

    async def test_nobody_is_logged_in_by_a_foreign_page(self, anywhere: Served) -> None:
        token = (anywhere.home / TOKEN_FILE).read_text().strip()
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
            asked = anywhere.client.post("/login", data={"secret": token}, headers=headers, allow_redirects=False)
            assert await status(asked) == 403

    async def test_after_logging_out_nothing_is_served_and_the_pages_are_closed(self, anywhere: Served) -> None:
        token = (anywhere.home / TOKEN_FILE).read_text().strip()
        name = (await log_in(anywhere, token)).cookies[COOKIE].value
        self._hold(anywhere, name)
        async with anywhere.socket() as page:
            await page.receive()
            async with anywhere.client.post("/logout", headers=anywhere.own) as response:
                assert response.status == 204
                assert response.cookies[COOKIE]["max-age"] == "0"
            assert (await page.receive()).type is aiohttp.WSMsgType.CLOSE
            assert page.close_code == 1008
        self._hold(anywhere, name)
        assert await status(anywhere.client.get("/api/turns/1")) == 401

    async def test_a_login_outlives_a_restart_but_no_new_token(self, tmp_path: Path) -> None:
        async with served(tmp_path, settings=ANYWHERE) as server:
            name = (await log_in(server, (tmp_path / TOKEN_FILE).read_text().strip())).cookies[COOKIE].value
        async with served(tmp_path, settings=ANYWHERE) as server:
            self._hold(server, name)
            assert await status(server.client.get("/api/turns/1")) == 200
            (tmp_path / TOKEN_FILE).write_text("another\n")
            assert await status(server.client.get("/api/turns/1")) == 401

    async def test_with_a_new_token_the_pages_that_are_open_are_closed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server_module, "WATCH_S", 0.02)
        async with served(tmp_path, settings=ANYWHERE) as server:
            self._hold(
                server, (await log_in(server, (tmp_path / TOKEN_FILE).read_text().strip())).cookies[COOKIE].value
            )
            async with server.socket() as page:
                await page.receive()
                await asyncio.sleep(0.05)
                assert server.channel.closings == 0
                (tmp_path / TOKEN_FILE).write_text("another\n")
                assert (await page.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
                assert page.close_code == 1008

    async def test_a_damaged_file_of_logins_only_logs_out(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / SESSIONS_FILE).write_text("{")
        async with served(tmp_path, settings=ANYWHERE) as server:
            assert await status(server.client.get("/api/turns/1")) == 401
        assert "log in again" in caplog.text

    def _hold(self, server: Served, name: str) -> None:
        """As a browser does; this client keeps no cookies of addresses."""
        server.client.headers["Cookie"] = f"{COOKIE}={name}"


class TestOpening:
    async def test_by_tls_with_the_certificate_of_the_settings(self, tmp_path: Path) -> None:
        pem = str(certify(tmp_path))
        settings = config.Web(port=0, certificate_file=pem, key_file=pem)
        async with served(tmp_path, settings=settings) as server:
            assert server.address.startswith("https://127.0.0.1:")
            trust = ssl.create_default_context(cafile=pem)
            trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
            assert await status(server.client.get("/", ssl=trust)) == 200
            async with server.client.ws_connect("/socket", headers=server.own, ssl=trust) as page:
                assert (await page.receive()).data == '{"type":"hello"}'
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.load_verify_locations(pem)
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
            assert await status(server.client.get("/", ssl=old)) == 200

    async def test_the_cookie_stays_within_tls(self, tmp_path: Path) -> None:
        pem = str(certify(tmp_path))
        settings = config.Web(host="0.0.0.0", port=0, certificate_file=pem, key_file=pem)  # noqa: S104
        async with served(tmp_path, settings=settings) as server:
            token = (tmp_path / TOKEN_FILE).read_text().strip()
            asked = server.client.get(f"/?token={token}", ssl=False, allow_redirects=False)
            async with asked as response:
                assert response.cookies[COOKIE]["secure"]

    async def test_a_certificate_that_cannot_be_used_is_told(self, tmp_path: Path) -> None:
        pem = str(certify(tmp_path))
        (tmp_path / "nonsense.pem").write_text("nonsense")
        for certificate, key, said in (
            (pem, "", "belong together"),
            (pem, str(tmp_path / "gone.pem"), "web.key_file"),
            (str(tmp_path / "gone.pem"), pem, "web.certificate_file"),
            (str(tmp_path / "nonsense.pem"), pem, "cannot be used"),
        ):
            with pytest.raises(WebError, match=said):
                await self._open(tmp_path, config.Web(port=0, certificate_file=certificate, key_file=key))

    async def test_a_port_that_is_taken_is_named(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(WebError, match=f"port {port}"):
                await self._open(tmp_path, config.Web(port=port))

    async def test_an_address_that_is_not_ours_is_named(self, tmp_path: Path) -> None:
        for host in ("192.0.2.77", "no.such.name.invalid"):
            with pytest.raises(WebError, match=host):
                await self._open(tmp_path, config.Web(host=host, port=0))

    async def test_a_password_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(WebError, match="password"):
            await self._open(tmp_path, config.Web(port=0, password_file=str(tmp_path / "nothing")))

    async def test_what_a_killed_daemon_left_is_removed(self, tmp_path: Path) -> None:
        (tmp_path / f"{asking.UPLOAD}x").write_text("half")
        await self._open(tmp_path, config.Web(port=0))
        assert list(tmp_path.iterdir()) == []

    async def _open(self, home: Path, settings: config.Web) -> None:
        async with open_server(settings, Site(), home=home, language="en"):
            pass
