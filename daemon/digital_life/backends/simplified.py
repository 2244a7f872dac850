"""Chinese as a recogniser should write it: in simplified characters, without gaps."""

from __future__ import annotations

import functools
import re

import opencc

HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
"""Whisper sometimes puts a space where a speaker paused; Chinese has none."""


def simplified(text: str) -> str:
    return HAN_GAP.sub("", _converter().convert(text))


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
