"""A real browser at the web server: how one logs in, and what foreign pages cannot do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from browser import open_browser

from digital_life import config
from digital_life.web.credentials import TOKEN_FILE
from digital_life.web.server import open_server
from digital_life.web.site import Folder, Site
from fakes.served import served

ANYWHERE = config.Web(host="0.0.0.0", port=0)  # noqa: S104 - listening everywhere is what is tested
EVIL = "--host-resolver-rules=MAP evil.example 127.0.0.1"
ANYTHING = "default-src * 'unsafe-inline'"
ATTACK = """
<!doctype html><meta charset="utf-8"><title>evil</title><pre id="told"></pre>
<iframe name="frame"></iframe>
<form id="form" method="post" action="TARGET/api/wish" enctype="text/plain" target="frame">
<input name='{"text":"' value='x"}'></form>
<script>
const tell = (line) => { document.getElementById("told").textContent += line + "\\n"; };
const ask = async (path, init) => {
  try {
    const answer = await fetch("TARGET" + path, init);
    tell(`${path} ${answer.type} ${answer.status}`);
  } catch (error) { tell(`${path} failed`); }
};
const image = () => new Promise((done) => {
  const seen = new Image();
  seen.onload = () => { tell("image loaded"); done(); };
  seen.onerror = () => { tell("image failed"); done(); };
  seen.src = "TARGET/icon.svg";
});
const listen = () => new Promise((done) => {
  const socket = new WebSocket("TARGET/socket".replace("http", "ws"));
  socket.onopen = () => { tell("socket open"); done(); };
  socket.onerror = () => { tell("socket failed"); done(); };
});
document.getElementById("form").submit();
(async () => {
  await ask("/api/turns/1");
  await ask("/api/wish", { method: "POST", body: '{"text":"x"}' });
  await ask("/api/wish", { method: "POST", body: '{"text":"x"}', mode: "no-cors" });
  await ask("/api/wish", { method: "POST", body: '{"text":"x"}', headers: { "Content-Type": "application/json" } });
  await ask("/api/turns/1", { method: "DELETE" });
  await image();
  await listen();
  tell("end");
})();
</script>
"""


@asynccontextmanager
async def foreign_page(home: Path, target: str) -> AsyncGenerator[str]:
    """The address of a page that tries everything it can on `target`."""
    pages = home / "foreign"
    pages.mkdir(parents=True)
    (pages / "index.html").write_text(ATTACK.replace("TARGET", target))
    site = Site(folders=(Folder("/", pages, ANYTHING),))
    async with open_server(config.Web(port=0), site, home=home / "foreign", language="en") as serving:
        yield serving.address


@pytest.mark.parametrize("by", ["127.0.0.1", "localhost"])
async def test_a_foreign_page_can_do_nothing(tmp_path: Path, by: str) -> None:
    async with (
        served(tmp_path) as here,
        foreign_page(tmp_path, here.address.replace("127.0.0.1", by)) as address,
        open_browser() as browser,
    ):
        page = await browser.new_page()
        await page.goto(address)
        await page.locator("#told", has_text="end").wait_for()
        told = (await page.inner_text("#told")).split("\n")
    assert {line for line in told if line and line != "end"} <= {
        "/api/turns/1 failed", "/api/wish failed", "/api/wish opaque 0", "image failed", "socket failed",
    }  # fmt: skip
    assert here.done == []
    assert here.channel.closings == 0


async def test_a_name_that_was_bound_anew_to_this_machine_is_refused(tmp_path: Path) -> None:
    async with served(tmp_path) as here, open_browser(arguments=[EVIL]) as browser:
        page = await browser.new_page()
        for path in ("/", "/api/turns/1", "/words.json"):
            answer = await page.goto(f"http://evil.example:{here.port}{path}")
            assert answer
            assert answer.status == 421


@pytest.mark.parametrize(("language", "title"), [("en", "Who is there?"), ("zh", "你是哪位？")])
@pytest.mark.parametrize("scripts", [True, False])
async def test_one_logs_in_by_the_token_also_without_scripts(
    tmp_path: Path, language: str, title: str, *, scripts: bool
) -> None:
    async with served(tmp_path, settings=ANYWHERE) as server, open_browser() as browser:
        context = await browser.new_context(locale=language, java_script_enabled=scripts)
        page = await context.new_page()
        await page.goto(f"{server.address}/main.js")
        assert await page.inner_text("h1") == title
        await page.keyboard.type("wrong")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[role=alert]")
        await page.fill("#secret", (tmp_path / TOKEN_FILE).read_text().strip())
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile(r"/main\.js$"))
        assert "answer = 42" in await page.inner_text("body")
        (cookie,) = [each for each in await context.cookies() if each["name"] == "digital-life"]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        assert await page.goto(f"{server.address}/")
        assert await page.title() == "Life"


async def test_everybody_can_use_the_login_page(tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="axe is not installed")
    complaints: list[str] = []
    async with served(tmp_path, settings=ANYWHERE) as server, open_browser() as browser:
        for scheme in ("light", "dark"):
            context = await browser.new_context(
                color_scheme=scheme, bypass_csp=False, viewport={"width": 360, "height": 640}
            )
            page = await context.new_page()
            page.on("console", lambda said: complaints.append(said.text))
            await page.goto(f"{server.address}/login?language=zh")
            assert await page.evaluate("document.activeElement.id") == "secret"
            assert await page.evaluate("document.documentElement.scrollWidth <= 360")
            found = (await axe.Axe().run(page)).response["violations"]
            assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert complaints == []


async def test_a_socket_is_opened_by_the_page_of_its_own_server(tmp_path: Path) -> None:
    async with served(tmp_path) as here, open_browser() as browser:
        (here.home / "pages" / "index.html").write_text('<script type="module" src="live.js"></script>')
        (here.home / "pages" / "live.js").write_text(
            "const socket = new WebSocket(`ws://${location.host}/socket`);\n"
            "socket.onmessage = (message) => { document.title = message.data; };\n"
        )
        page = await browser.new_page()
        await page.goto(here.address.replace("127.0.0.1", "localhost"))
        async with asyncio.timeout(10):
            while await page.title() != '{"type":"hello"}':
                await asyncio.sleep(0.05)
