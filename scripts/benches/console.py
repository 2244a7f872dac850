"""`scripts/bench console`: how soon the console's page can be used on this machine, alone and with many others."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import aiohttp
from console import Console, open_console, until

from benches import report
from benches.figures import Figure, spread
from digital_life.web import console

USABLE_MS = 1_000.0
"""From the address to a page that knows what the companion does, by the median."""
PAGES = 20
"""At once."""
CONNECTIONS = 6
"""That a browser opens to one server."""
WEIGHT_KB = 600.0
STATIC = Path(str(console.folder().files))
SHELL = [
    "/",
    console.WORDS,
    *(f"/{path.relative_to(STATIC)}" for path in STATIC.rglob("*") if path.suffix in {".js", ".css"}),
]
WATCH = """new MutationObserver((_, observer) => {
  const known = document.querySelector(".header[data-state=idle]");
  if (!known || !document.querySelector("main > :not([aria-busy])")) return;
  globalThis.usable = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
"""Notes when its view and what the companion does are shown."""


def main() -> int:
    return report.command("console", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:  # noqa: ARG001 - no model is asked
    async with open_console() as opened:
        sys.stderr.write("pages one after another\n")
        alone = [await usable(opened) for _ in range(5 if quick else 20)]
        sys.stderr.write(f"{PAGES} pages at once\n")
        together = await asyncio.gather(*(served(opened.address) for _ in range(PAGES)))
    return [
        spread("page usable", alone, "ms", budget=USABLE_MS),
        spread(f"each of {PAGES} pages served and connected, opened at once", together, "ms"),
        Figure("all files of the console", weight_kb(), "kB", budget=WEIGHT_KB),
    ]


async def usable(opened: Console) -> float:
    """Milliseconds, in a browser that has kept nothing."""
    context = await opened.browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(60_000)
    await page.add_init_script(WATCH)
    await page.goto(opened.address)
    await until(page, "globalThis.usable > 0")
    took = float(await page.evaluate("usable"))
    await context.close()
    return took


async def served(address: str) -> float:
    """Milliseconds until somebody has all files of the shell and is greeted over the socket, the drawing left out."""
    began = time.monotonic()
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(address, headers={"Origin": address}, connector=connector) as client:
        await asyncio.gather(*(fetched(client, path) for path in SHELL))
        async with client.ws_connect("/socket") as socket:
            await socket.receive_json()
    return (time.monotonic() - began) * 1000


async def fetched(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        answer.raise_for_status()
        await answer.read()


def weight_kb() -> float:
    return sum(each.stat().st_size for each in STATIC.rglob("*") if each.is_file()) / 1000


if __name__ == "__main__":
    raise SystemExit(main())
