"""It tells everybody what it was told to, and nothing else."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from digital_life.tools import announce
from digital_life.tools.asked import readings
from digital_life.values import Language, Transcript


class House:
    """Everyone, in the given rooms."""

    def __init__(self, *rooms: str) -> None:
        self.rooms = rooms
        self.told: list[tuple[str, Language, str]] = []

    def tell(self, text: str, language: Language, *, but: str) -> Collection[str]:
        self.told.append((text, language, but))
        return [each for each in self.rooms if each != but]


def heard(text: str, room: str = "kitchen") -> Transcript:
    return Transcript(text, "en" if text.isascii() else "zh", 1.0, room=room)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Tell everyone dinner is ready.", "dinner is ready"),
        ("Tell everyone that dinner is ready, please", "dinner is ready"),
        ("Please announce that the taxi is here.", "the taxi is here"),
        ("Let the whole family know Grandma has come.", "Grandma has come"),
        ("Broadcast: bedtime!", "bedtime"),
        ("Tell everybody to come downstairs", "come downstairs"),
        ("Announce in all rooms that the film begins", "the film begins"),
        ("广播：开饭了", "开饭了"),
        ("广播一下，开饭了", "开饭了"),
        ("告诉大家吃饭了。", "吃饭了"),
        ("帮我通知所有人该出门了", "该出门了"),
        ("跟大家说一声我回来了", "我回来了"),
        ("在所有房间说客人到了", "客人到了"),
    ],
)
async def test_it_is_said_in_the_other_rooms(said: str, what: str) -> None:
    house = House("", "kitchen")
    (tool,) = announce.tools(house)
    found = [each for each in map(announce.read, readings(heard(said))) if each]
    assert found[0] == {"text": what}
    outcome = await tool.run(heard(said), **found[0])
    assert what in outcome.said
    assert house.told == [(what[0].upper() + what[1:], heard(said).language, "kitchen")]


@pytest.mark.parametrize(
    "said",
    [
        "Tell me about everyone.",
        "Tell everyone about my day.",
        "Everyone says hello.",
        "Announce the winner of the game show in your story.",
        "大家都累了",
        "告诉我大家说了什么",
        "我早上听广播了",
        "告诉大家一个故事",
    ],
)
def test_other_things_are_not_read_so(said: str) -> None:
    assert announce.read(heard(said)) is None


@pytest.mark.parametrize(
    ("said", "asks"), [("Make an announcement.", "What shall I tell them?"), ("广播一下", "要告诉大家什么？")]
)
async def test_where_nothing_is_to_be_told_it_asks(said: str, asks: str) -> None:
    house = House("", "kitchen")
    (tool,) = announce.tools(house)
    assert announce.guess(heard(said)) == {}
    assert (await tool.run(heard(said))).said == asks
    assert house.told == []


async def test_where_no_other_room_is_reached_it_says_so() -> None:
    (tool,) = announce.tools(House("kitchen"))
    outcome = await tool.run(heard("Tell everyone dinner is ready."), text="dinner is ready")
    assert "cannot reach" in outcome.said
