from __future__ import annotations

import pytest

from digital_life.devices import abbreviations
from digital_life.devices.abbreviations import expanded


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("cmd_t", "command_topic"),
        ("stat_t", "state_topic"),
        ("val_tpl", "value_template"),
        ("avty", "availability"),
        ("pl_avail", "payload_available"),
        ("uniq_id", "unique_id"),
        ("bri_scl", "brightness_scale"),
        ("clr_temp_cmd_t", "color_temp_command_topic"),
        ("sup_clrm", "supported_color_modes"),
        ("curr_temp_t", "current_temperature_topic"),
        ("set_pos_tpl", "set_position_template"),
        ("cmps", "components"),
        ("p", "platform"),
    ],
)
def test_a_short_key_stands_for_a_long_one(short: str, full: str) -> None:
    assert expanded({short: 1}) == {full: 1}


def test_a_long_key_stands_for_itself() -> None:
    table = dict.fromkeys(abbreviations.KEYS.values(), 1)
    assert expanded(table) == table


def test_the_keys_of_a_device_are_its_own() -> None:
    assert expanded({"sa": "Hall", "name": "x"}, keys=abbreviations.DEVICE) == {"suggested_area": "Hall", "name": "x"}


def test_no_short_key_stands_for_another() -> None:
    for table in (abbreviations.KEYS, abbreviations.DEVICE):
        assert not {short for short, full in table.items() if short != full} & set(table.values())
