"""Chromium, and what is seen in it."""

from __future__ import annotations

import io
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

QUIET = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PLAIN = ["--disable-gpu"]
"""Without a graphics card a canvas is drawn several times faster so."""
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
"""WebGL without a graphics card."""
Pixels = npt.NDArray[np.int16]


@asynccontextmanager
async def open_browser(*, webgl: bool = False, arguments: Sequence[str] = ()) -> AsyncGenerator[Browser]:
    """The Chromium of this machine; the test is skipped where there is none."""
    playwright = pytest.importorskip(
        "playwright.async_api", reason="playwright is not installed: scripts/setup --tests"
    )
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: scripts/setup --tests")
    async with playwright.async_playwright() as driver:
        flags = [*QUIET, *(WEBGL if webgl else PLAIN), *arguments]
        browser = await driver.chromium.launch(executable_path=chromium, headless=True, args=flags)
        try:
            yield browser
        finally:
            await browser.close()


async def seen(page: Page, part: str = "body") -> Pixels:
    """What that part of the page looks like: rows of grey, so that a colour alone makes little difference."""
    picture = await page.locator(part).screenshot(animations="allow")
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L"), dtype=np.int16)


def changed(one: Pixels, other: Pixels) -> float:
    """The share of pixels that differ clearly."""
    height, width = map(min, one.shape, other.shape)  # a box that ends within a pixel may have one more
    one, other = one[:height, :width], other[:height, :width]
    return float(np.mean(np.abs(one - other) > 20))
