"""Which rooms a talk can be moved to, and how that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.pinyin import sound
from digital_life.talking.moving import MoveRequests, place
from digital_life.values import Language, Transcript

CALLED = {"living room": "", "kitchen": "kitchen", "Anna's room": "Anna's room", "儿童房": "儿童房"}


@dataclass
class Rooms:
    away: set[str] = field(default_factory=set)
    wanted: list[str] = field(default_factory=list)

    def is_away(self, room: str) -> bool:
        return room in self.away

    def want(self, wish: Transcript, to: str) -> None:
        del wish
        self.wanted.append(to)


def requests(rooms: Rooms) -> MoveRequests:
    return MoveRequests(rooms, called=CALLED, sound=sound)


def language_of(text: str) -> Language:
    return "en" if text.isascii() else "zh"


async def answer(text: str, rooms: Rooms, *, room: str = "", remote: bool = False) -> str | None:
    wish = Transcript(text, language_of(text), 1.0, room=room, remote=remote)
    asked = requests(rooms)
    granted = await asked.grant(wish)
    assert asked.concern(wish) == (granted is not None)
    return granted.text if granted else None


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("Continue in the kitchen.", "kitchen"),
        ("Let's go on in the kitchen, please.", "kitchen"),
        ("OK, let's keep talking in the kitchen", "kitchen"),
        ("Can we carry on with this in the kitchen?", "kitchen"),
        ("Move this conversation to the kitchen.", "kitchen"),
        ("Come with me to the kitchen", "kitchen"),
        ("Let's continue in Anna's room.", "Anna's room"),
        ("Let's continue in the nursery.", "儿童房"),
        ("到厨房继续。", "kitchen"),
        ("我们去厨房说。", "kitchen"),
        ("我们到厨房去继续聊吧", "kitchen"),
        ("去儿童房接着说", "儿童房"),
        ("去儿童方接着说", "儿童房"),
        ("把对话转到厨房", "kitchen"),
        ("跟我去厨房吧", "kitchen"),
    ],
)
async def test_it_goes_where_it_is_asked_to(said: str, to: str) -> None:
    rooms = Rooms()
    assert await answer(said, rooms)
    assert rooms.wanted == [to]


@pytest.mark.parametrize(
    "said",
    [
        "Let's go on in the morning.",
        "Let's talk in English.",
        "Come to the point.",
        "I went on in the same way.",
        "Take it to the next level.",
        "Let's move to Paris.",
        "What is going on in the kitchen?",
        "Turn on the light in the kitchen.",
        "我们明天继续。",
        "我们去北京说说话。",
        "我在厨房说过了",
        "跟我去公园吧",
    ],
)
async def test_ordinary_talk_moves_nothing(said: str) -> None:
    rooms = Rooms()
    assert await answer(said, rooms) is None
    assert rooms.wanted == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Continue in the cellar.",
            "I cannot hear in the cellar. I could go on in: kitchen, Anna's room, 儿童房.",
        ),
        (
            "Continue in the dining room.",
            "I cannot hear in the dining room. I could go on in: kitchen, Anna's room, 儿童房.",
        ),
        ("去阳台继续", "我在阳台听不到你说话。可以去：kitchen、Anna's room、儿童房。"),
        ("Continue in the living room.", "I am in the living room already."),
    ],
)
async def test_where_it_cannot_hear_it_says_where_it_can(said: str, told: str) -> None:
    rooms = Rooms()
    assert await answer(said, rooms) == told
    assert rooms.wanted == []


async def test_back_to_the_room_of_this_machine_it_goes_by_its_name() -> None:
    rooms = Rooms()
    assert await answer("我们回客厅，去客厅继续", rooms, room="kitchen") is None
    assert await answer("去客厅继续", rooms, room="kitchen") == "好，我在客厅了。"
    assert rooms.wanted == [""]


async def test_a_room_that_is_away_is_said_to_be() -> None:
    rooms = Rooms(away={"kitchen"})
    assert await answer("去厨房继续", rooms) == "现在联系不上厨房，我们就在这儿说吧。"
    assert rooms.wanted == []


async def test_what_is_written_elsewhere_moves_no_talk_of_the_house() -> None:
    rooms = Rooms()
    assert await answer("Continue in the kitchen.", rooms, remote=True) is None


@given(st.text(max_size=40))
def test_anything_may_be_said(said: str) -> None:
    requests(Rooms()).concern(Transcript(said, "en", 1.0))
    assert place(said) == place(said.upper())
