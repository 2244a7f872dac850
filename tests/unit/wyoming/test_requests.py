"""What is asked for over Wyoming."""

from __future__ import annotations

from typing import Any

import pytest

from digital_life.wire.sound import Format
from digital_life.wyoming.requests import Said, language


@pytest.mark.parametrize(
    ("context", "talk"),
    [
        (None, ""),
        ({}, ""),
        ({"device_id": "x"}, ""),
        ({"conversation_id": None, "satellite_id": ""}, ""),
        ({"conversation_id": "1"}, "1\n"),
        ({"satellite_id": "kitchen"}, "\nkitchen"),
        ({"conversation_id": "1", "satellite_id": "kitchen", "more": []}, "1\nkitchen"),
        ({"conversation_id": "a" * 1000}, "a" * 100 + "\n"),
    ],
)
def test_a_talk_is_that_of_a_conversation_with_a_satellite(context: dict[str, Any] | None, talk: str) -> None:
    assert Said("hello", context=context).talk == talk


@pytest.mark.parametrize(
    ("code", "found"),
    [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("zh", "zh"), ("zh-CN", "zh"), ("cmn", "zh"), ("de", None)],
)
def test_codes_name_a_language(code: str, found: str | None) -> None:
    assert language(code) == found
    assert language(None) is language("") is None


def test_bytes_are_seconds() -> None:
    assert Format(rate=48_000, width=4, channels=2).seconds(768_000) == 2
