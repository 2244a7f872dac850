"""Pages take part in the talk: they type, hear and speak, and all of them see the same."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.values import (
    Announced,
    Reply,
    Spoken,
    State,
    Timings,
    Transcript,
    Turn,
    WakeHeard,
    Written,
)
from digital_life.web.talk import WISHES
from fakes.talk import World, world

FRAME = b"\1\0" * 320
TURN = Turn(
    7,
    datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    None,
    Transcript("How are you?", "en", 1.0),
    Reply("Well.", interrupted=True),
    Timings(first_audio=812.5),
    by="Ada",
)


async def test_a_page_is_greeted() -> None:
    async with world() as it:
        (hello,) = it.page().told
    assert hello == {
        "type": "hello",
        "version": "0.7.0",
        "name": "Ada",
        "state": "idle",
        "muted": False,
        "languages": ["en", "zh"],
        "page": "one",
    }


async def test_a_page_that_comes_later_catches_up() -> None:
    async with world([TURN]) as it:
        it.talk.hear(Transcript("And you?", "en", 1.0))
        it.talk.hear(Spoken("Fine. ", "en"))
        page = it.page()
        await it.tell(page, "past")
        kinds = [each["type"] for each in page.told]
        assert kinds == ["hello", "holder", "past", "heard", "spoken"]
        (past,) = page.of("past")
        assert [each["number"] for each in past["turns"]] == [7]


async def test_every_page_is_told_the_same_course() -> None:
    async with world() as it:
        pages = [it.page("one"), it.page("other")]
        for page in pages:
            page.sent.clear()
        it.talk.hear(WakeHeard("hey_jarvis", 0.9, 0))
        it.talk.hear(Transcript("How are you?", "en", 1.0))
        it.talk.hear(State.SPEAKING)
        it.talk.hear(Spoken("Well.", "en"))
        it.talk.hear(TURN)
        it.talk.hear(Announced("The tea is ready.", "en"))
        it.talk.hear(Written(TURN))
        assert pages[0].told == pages[1].told
        kinds = [each["type"] for each in pages[0].told]
        assert kinds == ["wake", "heard", "state", "spoken", "turn", "announced", "turn"]
        turn = pages[0].of("turn")[0]
        assert (turn["number"], turn["said"], turn["interrupted"]) == (7, "Well.", True)
        assert turn["timings"]["first_audio"] == 812.5
        assert [each["written"] for each in pages[0].of("turn")] == [False, True]


async def test_what_is_typed_is_answered_and_seen_to_be_typed_here() -> None:
    async with world() as it:
        one, other = it.page("one"), it.page("other")
        await it.tell(one, "say", text=" How are you? ")
        assert it.conversation.asked == ["say How are you?"]
        assert it.line.holder is None
        it.talk.hear(Transcript("How are you?", "en", 1.0))
        assert [page.of("heard")[0]["here"] for page in (one, other)] == [True, False]


async def test_typed_with_sound_in_this_page_it_is_spoken_here_until_the_talk_rests() -> None:
    async with world() as it:
        one, other = it.page("one"), it.page("other")
        await it.tell(one, "say", text="Hi", aloud=True)
        assert it.line.holder is not None
        assert "look" in it.conversation.asked
        assert (one.of("holder")[-1]["here"], other.of("holder")[-1]["other"]) == (True, True)
        await it.become(State.SPEAKING)
        assert it.line.holder is not None
        await it.become(State.LISTENING)
        assert "stop" in it.conversation.asked  # nobody could be heard
        await it.become(State.DEAF)
        assert it.line.holder is None
        assert one.of("holder")[-1] == {"type": "holder", "here": False, "other": False}


async def test_a_microphone_that_is_found_meanwhile_is_no_rest() -> None:
    async with world() as it:
        page = it.page()
        it.conversation.held = asyncio.Event()
        await it.tell(page, "say", text="Hi", aloud=True)
        await it.become(State.IDLE)
        assert it.line.holder is not None
        it.conversation.held.set()


async def test_pushed_to_talk_it_listens_from_the_press_to_the_release() -> None:
    async with world() as it:
        page = it.page()
        await it.tell(page, "press")
        assert "attend 4800 once" in it.conversation.asked
        it.talk.heard(page, FRAME)
        await it.tell(page, "release")
        assert (it.line.heard, it.line.finished) == ([FRAME], 1)
        await it.become(State.THINKING, State.SPEAKING, State.LISTENING)
        assert it.conversation.asked[-1] == "stop"
        await it.become(State.IDLE)
        assert it.line.holder is None


async def test_an_open_microphone_stays_open_at_rest() -> None:
    async with world() as it:
        page = it.page()
        await it.tell(page, "open", on=True)
        assert "attend 4800 stays" in it.conversation.asked
        await it.become(State.THINKING, State.SPEAKING, State.LISTENING, State.IDLE)
        assert "stop" not in it.conversation.asked
        it.talk.heard(page, FRAME)
        assert it.line.heard == [FRAME]
        await it.tell(page, "open", on=False)
        assert it.line.holder is None
        assert it.line.finished == 1


async def test_two_microphones_at_once_are_refused() -> None:
    async with world() as it:
        one, other = it.page("one"), it.page("other", chinese=True)
        await it.tell(one, "open", on=True)
        await it.tell(other, "press")
        it.talk.heard(other, FRAME)
        await it.tell(other, "release")
        assert other.refusals == ["elsewhere"]
        assert other.of("refused")[0]["why"].startswith("现在是另一个页面")
        assert it.line.heard == []
        assert it.line.finished == 0
        it.talk.closed(one)
        await it.tell(other, "press")
        assert it.line.holder is not None


async def test_typed_elsewhere_it_is_answered_where_the_sound_is() -> None:
    async with world() as it:
        one, other = it.page("one"), it.page("other")
        await it.tell(one, "open", on=True)
        holder = it.line.holder
        await it.tell(other, "say", text="Hi", aloud=True)
        assert it.conversation.asked[-1] == "say Hi"
        assert it.line.holder is holder
        assert other.refusals == ["elsewhere"]


async def test_muted_no_sample_is_heard_and_the_page_is_told() -> None:
    async with world() as it:
        page = it.page()
        await it.tell(page, "open", on=True)
        await it.tell(page, "mute", on=True)
        assert it.mute.on
        it.talk.heard(page, FRAME)
        await it.become(State.MUTED)
        assert it.line.heard == []
        assert it.line.holder is None
        assert page.of("state")[-1] == {"type": "state", "state": "muted", "name": "Ada", "muted": True}
        await it.tell(page, "press")
        assert page.refusals == ["muted"]


async def test_where_it_cannot_listen_the_page_is_told() -> None:
    async with world() as it:
        page = it.page()
        it.conversation.can_hear = False
        await it.tell(page, "press")
        assert page.refusals == ["deaf"]
        assert it.line.holder is None


async def test_a_page_that_closes_gives_the_talk_back() -> None:
    async with world() as it:
        page = it.page()
        await it.tell(page, "press")
        it.talk.closed(page)
        for _ in range(5):
            await asyncio.sleep(0)
        assert it.line.holder is None
        assert it.conversation.asked[-1] == "stop"
        it.talk.closed(page)
        it.talk.heard(page, FRAME)
        it.talk.told(page, "{}")


async def test_it_is_stopped_from_a_page() -> None:
    async with world() as it:
        await it.tell(it.page(), "stop")
        assert it.conversation.asked == ["stop"]


async def test_while_it_wakes_up_a_page_waits() -> None:
    async with world() as it:
        it.conversation.state = State.STARTING
        page = it.page()
        await it.tell(page, "say", text="Hi")
        assert page.refusals == ["starting"]
        assert it.conversation.asked == []


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "bad"),
        ("{", "bad"),
        ("[]", "bad"),
        ('{"type":"sing"}', "bad"),
        ('{"type":"say"}', "bad"),
        ('{"type":"say","text":""}', "bad"),
        ('{"type":"say","text":1}', "bad"),
        (json.dumps({"type": "say", "text": "x" * 4001}), "bad"),
        ('{"type":"played","id":-1,"seconds":1}', "bad"),
        ('{"type":"played","id":1,"seconds":1e9}', "bad"),
        ('{"type":"played","id":1,"seconds":"NaN"}', "bad"),
        ('{"type":"open","on":"yes"}', "bad"),
        ('{"type":"open","on":true,"rate":48000}', "rate"),
        ('{"type":"press","rate":0}', "rate"),
        ('"\\ud800"', "bad"),
        ('{"type":"stop","x":' + "[" * 8000 + "]" * 8000 + "}", "bad"),
    ],
)
async def test_what_cannot_be_is_refused_once(written: str, why: str) -> None:
    async with world() as it:
        page = it.page()
        it.talk.told(page, written)
        if why == "bad":
            it.talk.told(page, written)
        assert page.refusals == [why]
        assert it.line.holder is None
        assert it.conversation.asked == []


async def test_sound_that_nobody_asked_for_or_that_is_none_is_refused_once() -> None:
    async with world() as it:
        page = it.page()
        for _ in range(100):
            it.talk.heard(page, FRAME)
        assert page.refusals == ["sound"]
        await it.tell(page, "press")
        for _ in range(100):
            it.talk.heard(page, b"\1" * 321)
        assert page.refusals == ["sound", "bad"]
        assert it.line.heard == []


async def test_a_page_that_wants_too_much_at_once_is_refused_and_nothing_waits() -> None:
    async with world() as it:
        page = it.page()
        it.conversation.held = asyncio.Event()
        for number in range(WISHES + 10):
            await it.tell(page, "say", text=f"{number}")
        assert set(page.refusals) == {"busy"}
        it.conversation.held.set()


async def test_the_room_does_not_listen_for_a_page_that_left_before_its_turn_came() -> None:
    async with world() as it:
        page, gone = it.page("one"), it.page("gone")
        it.conversation.held = asyncio.Event()
        await it.tell(page, "say", text="How are you?")
        await it.tell(gone, "open", on=True)
        it.talk.closed(gone)
        it.conversation.held.set()
        await it.tell(page, "stop")
        assert it.conversation.asked == ["say How are you?", "look", "stop"]


async def test_a_wish_that_goes_wrong_costs_nobody_else_theirs(caplog: pytest.LogCaptureFixture) -> None:
    async with world() as it:
        page = it.page()
        it.conversation.wrong = ValueError("unforeseen")
        await it.tell(page, "say", text="Secret.")
        it.conversation.wrong = None
        await it.tell(page, "say", text="How are you?")
        assert it.conversation.asked == ["say Secret.", "say How are you?"]
        assert "went wrong" in caplog.text
        assert "Secret" not in caplog.text


@given(st.text(max_size=200), st.binary(max_size=50))
def test_garbage_breaks_nothing(written: str, sound: bytes) -> None:
    it = World()
    page = it.page()
    it.talk.told(page, written)
    it.talk.heard(page, sound)
    assert it.line.heard == []


async def test_how_the_latest_exchanges_went_is_still_known() -> None:
    kept = replace(TURN, reply=Reply("Well."), by="", timings=Timings())
    async with world([kept]) as it:
        it.talk.hear(TURN)
        page = it.page()
        await it.tell(page, "past")
        (turn,) = page.of("past")[0]["turns"]
        assert (turn["interrupted"], turn["by"], turn["timings"]["first_audio"]) == (True, "Ada", 812.5)
