"""The help lines, and which are whose."""

from __future__ import annotations

import re
from typing import get_args, get_type_hints

import pytest

from digital_life import config, words
from digital_life.care import helplines
from digital_life.errors import ConfigError
from digital_life.values import Language

REGIONS = get_args(get_type_hints(config.Care)["region"])


def test_every_region_can_be_set_and_has_lines_in_both_languages() -> None:
    for code, region in helplines.load().items():
        if code != helplines.GENERAL:
            assert config.load(None, [f"care.region={code}"]).care.region == code
        assert region.lines
        for line in region.lines:
            for texts in (region.emergency, line.name, line.spoken, line.hours):
                assert set(texts) == set(words.LANGUAGES)


def test_every_region_that_can_be_set_is_known() -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(None, ["care.region=XX"])
    assert "care.region" in str(caught.value)
    assert {code for code in REGIONS if code} == set(helplines.load()) - {helplines.GENERAL}


def test_a_number_is_spoken_digit_by_digit() -> None:
    for region in helplines.load().values():
        for line in region.lines:
            digits = re.sub(r"\D", "", line.number)
            if digits:
                for spoken in line.spoken.values():
                    assert re.sub(r"\D", "", spoken) == digits
                    assert not re.search(r"\d\d", spoken)


def test_each_line_has_a_source() -> None:
    for region in helplines.load().values():
        assert all(line.source.startswith("https://") for line in region.lines)
        assert region.lines[0].checked or region.lines[0].number == "1737"


@pytest.mark.parametrize(
    ("chosen", "locale", "language", "region"),
    [
        ("", "", "zh", "CN"),
        ("", "", "en", "general"),
        ("", "C.UTF-8", "en", "general"),
        ("", "en_US.UTF-8", "en", "general"),
        ("", "en_GB.UTF-8", "en", "UK"),
        ("", "zh_TW.UTF-8", "zh", "TW"),
        ("", "fr_FR.UTF-8", "en", "general"),
        ("US", "zh_TW.UTF-8", "zh", "US"),
    ],
)
def test_the_region_is_what_was_chosen_or_what_is_certain(
    chosen: str, locale: str, language: Language, region: str
) -> None:
    assert helplines.region(chosen, locale, language) == region


def test_the_locale_is_what_the_machine_says_first() -> None:
    assert helplines.locale_of({"LC_ALL": "zh_HK", "LANG": "en_US"}) == "zh_HK"
    assert helplines.locale_of({}) == ""
