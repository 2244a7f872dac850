"""The tool: what it does, what it says, what it asks, and what an answer does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from digital_life.backends.pinyin import sound
from digital_life.devices.control import Came
from digital_life.devices.entity import Attribute, Kind
from digital_life.devices.tools import ASKED_S, TALKED_S, DeviceTools, tools
from digital_life.errors import MemoryFileError
from digital_life.tool import Tool
from digital_life.values import GUEST, USER, Language, Transcript
from fakes import control as house
from fakes.clock import FakeClock
from fakes.control import FakeControl, thing
from fakes.embedder import FakeEmbedder

KITCHEN = thing("Kitchen light", Kind.LIGHT, house.LIGHT, room="Kitchen")
DESK = thing("Desk lamp", Kind.LIGHT, house.LIGHT, room="Study")
FLOOR = thing("Floor lamp", Kind.LIGHT, house.LIGHT, room="Study")
HALL = thing("走廊灯", Kind.LIGHT, house.ON_OFF, room="走廊")
LOCK = thing("Front door lock", Kind.LOCK, house.LOCK, room="Hall")
HEATING = thing("Bedroom radiator", Kind.CLIMATE, house.CLIMATE, room="Bedroom")
WINDOW = thing("Bedroom window", Kind.BINARY_SENSOR, house.READ, room="Bedroom", klass="window", own="Window")
WARM = thing("Upstairs sensor", Kind.SENSOR, house.DEGREES, room="Upstairs", klass="temperature", own="Temperature")
MOVIE = thing("Downstairs", Kind.SCENE, house.PRESS, own="Movie night")
ALL = (KITCHEN, DESK, FLOOR, HALL, LOCK, HEATING, WINDOW, WARM, MOVIE)


class Meanings:
    """Of a FakeEmbedder."""

    def __init__(self) -> None:
        self.fails = False

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        if self.fails:
            raise MemoryFileError("life-failed", path="life.db", cause="it was told to")
        return [FakeEmbedder().query(each) for each in texts]


class Talk:
    """A person who speaks to the tool as the toolbox hands it on."""

    def __init__(self, control: FakeControl | None, language: Language = "en") -> None:
        self.remote = False
        self.room = ""
        self.person = USER
        self.clock = FakeClock()
        self.meanings = Meanings()
        self.home = DeviceTools(control, self.meanings, self.clock, sound)
        self._language = language

    async def says(self, text: str) -> str:
        heard = Transcript(text, self._language, 1.0, remote=self.remote, room=self.room, person=self.person)
        call = self.home.awaited(heard) or self.home.read(heard) or self.home.guess(heard)
        return (await self.home.device(heard, **call)).said

    def is_for_another(self, text: str) -> bool:
        """Whether it is no answer to a question of the home's."""
        return (
            self.home.awaited(
                Transcript(text, self._language, 1.0, remote=self.remote, room=self.room, person=self.person)
            )
            is None
        )


@pytest.fixture
def control() -> FakeControl:
    return FakeControl(ALL)


@pytest.fixture
def talk(control: FakeControl) -> Talk:
    return Talk(control)


async def test_it_is_done_and_said(talk: Talk, control: FakeControl) -> None:
    assert await talk.says("turn on the desk lamp") == "The desk lamp is on."
    assert control.did == [("Desk lamp", {Attribute.ON: True})]


async def test_it_is_said_in_chinese_where_that_was_spoken(control: FakeControl) -> None:
    talk = Talk(control, "zh")
    assert await talk.says("把走廊的灯打开") == "走廊灯打开了。"
    assert await talk.says("台灯调到百分之四十") == "Desk lamp亮度是百分之40。"


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (Came.UNCONFIRMED, "I tried to turn on the desk lamp, but it has not confirmed it."),
        (Came.SENT, "I asked to turn on the desk lamp; it cannot tell me whether it did."),
        (Came.UNAVAILABLE, "The desk lamp does not answer."),
        (Came.FORBIDDEN, "The desk lamp is not mine to command."),
        (Came.CANNOT, "The desk lamp cannot do that."),
        (Came.TOO_SOON, "The desk lamp was commanded a moment ago; ask again in a moment."),
    ],
)
async def test_nothing_is_said_to_be_done_that_was_not_confirmed(
    talk: Talk, control: FakeControl, came: Came, said: str
) -> None:
    control.comes["Desk lamp"] = came
    assert await talk.says("turn on the desk lamp") == said


async def test_a_blind_that_is_on_its_way_is_not_said_to_be_there(talk: Talk, control: FakeControl) -> None:
    blind = thing("Blind", Kind.COVER, house.COVER)
    control.entities = (*ALL, blind)
    control.conditions[blind.id] = {Attribute.MOVING: "opening"}
    assert await talk.says("open the blind") == "The blind is opening."
    control.conditions[blind.id] = {Attribute.MOVING: "stopped"}
    assert await talk.says("open the blind") == "The blind is open."


async def test_a_thing_is_commanded_once_though_two_things_were_said_of_it(talk: Talk, control: FakeControl) -> None:
    await talk.says("make the desk lamp blue and set it to 30 percent")
    assert control.did == [("Desk lamp", {Attribute.COLOUR: (0, 0, 255), Attribute.BRIGHTNESS: 30.0})]


async def test_several_are_summed_up(talk: Talk, control: FakeControl) -> None:
    control.comes["走廊灯"] = Came.UNAVAILABLE
    said = await talk.says("turn off all the lights")
    assert said == "The kitchen light, the desk lamp and the floor lamp are off; 走廊灯 does not answer."


async def test_without_a_broker_it_says_so(talk: Talk, control: FakeControl) -> None:
    control.connected = False
    assert "not connected" in await talk.says("turn on the desk lamp")
    assert control.did == []


@pytest.mark.parametrize("nothing", [None, FakeControl()])
async def test_without_devices_it_says_that_there_are_none(nothing: FakeControl | None) -> None:
    assert "No devices are connected" in await Talk(nothing).says("turn on the desk lamp")


async def test_what_is_not_there_is_said_not_to_be(talk: Talk, control: FakeControl) -> None:
    assert "nothing like that there" in await talk.says("turn on the light in the attic")
    assert "cannot do that" in await talk.says("unlock the bedroom radiator")
    assert control.did == []


# What needs a yes.


async def test_a_lock_is_opened_only_after_a_yes(talk: Talk, control: FakeControl) -> None:
    assert await talk.says("unlock the front door") == "Shall I unlock the front door lock?"
    assert control.did == []
    assert await talk.says("Yes, please.") == "The front door lock is unlocked."
    assert control.did == [("Front door lock", {Attribute.LOCKED: False})]


async def test_a_yes_in_another_room_unlocks_nothing(talk: Talk) -> None:
    await talk.says("unlock the front door")
    talk.room = "kitchen"
    assert talk.is_for_another("yes")
    talk.room = ""
    assert await talk.says("yes") == "The front door lock is unlocked."


async def test_it_is_what_was_spoken_of_in_the_same_room(talk: Talk, control: FakeControl) -> None:
    await talk.says("turn on the desk lamp")
    talk.room = "kitchen"
    await talk.says("turn on the light")
    await talk.says("turn it off")
    talk.room = ""
    await talk.says("turn it off")
    assert [name for name, _ in control.did] == ["Desk lamp", "Kitchen light", "Kitchen light", "Desk lamp"]


async def test_the_room_of_this_machine_has_the_name_of_the_settings(control: FakeControl) -> None:
    home = DeviceTools(control, Meanings(), FakeClock(), sound, here="厨房")
    await home.device(Transcript("turn on the light", "en", 1.0), name="light", action="on")
    assert control.did == [("Kitchen light", {Attribute.ON: True})]


async def test_chinese_is_asked_in_chinese(control: FakeControl) -> None:
    talk = Talk(control, "zh")
    assert await talk.says("把大门打开") == "要我打开Front door lock的锁吗？"
    assert await talk.says("好的") == "Front door lock开锁了。"


async def test_a_guest_opens_no_lock_nor_says_yes_for_somebody_else(talk: Talk, control: FakeControl) -> None:
    talk.person = GUEST
    assert await talk.says("unlock the front door") == "That has to be said by somebody whose voice I know."
    assert talk.is_for_another("yes")
    talk.person = USER
    await talk.says("unlock the front door")
    talk.person = GUEST
    assert talk.is_for_another("yes")
    assert control.did == []
    talk.person = USER
    assert await talk.says("yes") == "The front door lock is unlocked."


async def test_a_guest_switches_what_needs_no_yes(talk: Talk, control: FakeControl) -> None:
    talk.person = GUEST
    await talk.says("turn on the kitchen light")
    assert control.did


async def test_after_a_no_nothing_is_done(talk: Talk, control: FakeControl) -> None:
    await talk.says("unlock the front door")
    assert await talk.says("no, leave it") == "All right, I leave it as it is."
    assert talk.is_for_another("yes")
    assert control.did == []


async def test_after_anything_else_a_yes_answers_something_else(talk: Talk, control: FakeControl) -> None:
    await talk.says("unlock the front door")
    assert talk.is_for_another("what is the weather like")
    assert talk.is_for_another("yes")
    assert control.did == []


async def test_a_yes_that_is_heard_in_pieces_counts(talk: Talk) -> None:
    await talk.says("unlock the front door")
    assert talk.is_for_another("I think")
    assert talk.is_for_another("I think so")
    assert talk.is_for_another("yes")
    await talk.says("unlock the front door")
    assert talk.is_for_another("well")
    assert not talk.is_for_another("well, yes")


async def test_a_late_yes_does_nothing(talk: Talk) -> None:
    await talk.says("unlock the front door")
    talk.clock.passed += ASKED_S + 1
    assert talk.is_for_another("yes")


async def test_a_new_order_takes_the_place_of_a_question(talk: Talk, control: FakeControl) -> None:
    await talk.says("unlock the front door")
    assert await talk.says("turn on the desk lamp") == "The desk lamp is on."
    assert talk.is_for_another("yes")
    assert [name for name, _ in control.did] == ["Desk lamp"]


async def test_what_needs_no_yes_is_done_at_once(talk: Talk, control: FakeControl) -> None:
    said = await talk.says("turn off the kitchen light and lock the front door")
    assert said == "The kitchen light is off. Shall I lock the front door lock?"
    assert [name for name, _ in control.did] == ["Kitchen light"]


@pytest.mark.parametrize(
    ("order", "answer", "locked"),
    [
        ("unlock the front door", "yes, unlock it", False),
        ("unlock the front door", "unlock it please", False),
        ("unlock the front door", "ok lock it again", None),
        ("unlock the front door", "ok, don't unlock it", None),
        ("lock the front door", "lock it", True),
    ],
)
async def test_the_same_order_again_is_a_yes_and_another_is_none(
    talk: Talk, control: FakeControl, order: str, answer: str, *, locked: bool | None
) -> None:
    await talk.says(order)
    await talk.says(answer)
    assert control.did == ([] if locked is None else [("Front door lock", {Attribute.LOCKED: locked})])


async def test_nobody_agrees_from_elsewhere(talk: Talk) -> None:
    talk.remote = True
    told = await talk.says("unlock the front door")
    assert told == "That has to be said to me aloud, in the house."
    talk.remote = False
    assert talk.is_for_another("yes")
    await talk.says("unlock the front door")
    talk.remote = True
    assert talk.is_for_another("yes")
    assert await talk.says("turn on the desk lamp") == "The desk lamp is on."
    talk.remote = False
    assert await talk.says("yes") == "The front door lock is unlocked."


# Which one.


@pytest.mark.parametrize(
    ("answer", "lamps"),
    [
        ("the floor lamp", ["Floor lamp"]),
        ("Floor lamp, please.", ["Floor lamp"]),
        ("the second", ["Floor lamp"]),
        ("the first one", ["Desk lamp"]),
        ("the one on the desk", ["Desk lamp"]),
        ("both", ["Desk lamp", "Floor lamp"]),
        ("both of them, please", ["Desk lamp", "Floor lamp"]),
    ],
)
async def test_which_one_is_asked_once(talk: Talk, control: FakeControl, answer: str, lamps: list[str]) -> None:
    assert await talk.says("set the lamp in the study to 50 percent") == "Which one: the desk lamp or the floor lamp?"
    assert not talk.is_for_another(answer)
    await talk.says(answer)
    assert control.did == [(name, {Attribute.BRIGHTNESS: 50.0}) for name in lamps]


@pytest.mark.parametrize(
    ("answer", "lamp"), [("落地灯", "Floor lamp"), ("第一个", "Desk lamp"), ("台灯吧", "Desk lamp")]
)
async def test_which_one_is_asked_in_chinese(control: FakeControl, answer: str, lamp: str) -> None:
    talk = Talk(control, "zh")
    assert await talk.says("打开书房的灯") == "您说的是哪一个：Desk lamp，还是Floor lamp？"
    await talk.says(answer)
    assert control.did == [(lamp, {Attribute.ON: True})]


async def test_what_is_no_choice_lets_it_go(talk: Talk, control: FakeControl) -> None:
    await talk.says("turn on the lamp in the study")
    assert talk.is_for_another("tell me a story")
    assert talk.is_for_another("the floor lamp")
    assert control.did == []


# Questions.


async def test_a_window_is_said_to_be_open(talk: Talk, control: FakeControl) -> None:
    control.conditions[WINDOW.id] = {Attribute.VALUE: True}
    assert await talk.says("is the bedroom window open?") == "The bedroom window is open."


async def test_how_warm_it_is_has_a_unit_and_a_place(talk: Talk, control: FakeControl) -> None:
    control.conditions[WARM.id] = {Attribute.VALUE: 21.5}
    assert await talk.says("how warm is it upstairs") == "It is 21.5 degrees upstairs."


async def test_which_ones_are_on_is_told_by_name(talk: Talk, control: FakeControl) -> None:
    control.conditions = {each.id: {Attribute.ON: each is DESK} for each in (KITCHEN, DESK, FLOOR, HALL)}
    assert await talk.says("which lights are on") == "The desk lamp is on."
    control.conditions[DESK.id] = {Attribute.ON: False}
    assert await talk.says("which lights are on") == "None of them is on."


async def test_what_is_not_known_or_away_is_said_to_be_so(talk: Talk, control: FakeControl) -> None:
    assert await talk.says("is the desk lamp on") == "I do not know how the desk lamp is just now."
    control.away.add(DESK.id)
    assert await talk.says("is the desk lamp on") == "The desk lamp does not answer."


# What was spoken of.


async def test_it_is_what_was_spoken_of_and_the_same_can_be_asked_of_others(talk: Talk, control: FakeControl) -> None:
    await talk.says("turn on the desk lamp")
    assert await talk.says("set it to warm white") == "The desk lamp is warm white now."
    assert await talk.says("what about the kitchen light") == "The kitchen light is warm white now."
    assert [name for name, _ in control.did] == ["Desk lamp", "Desk lamp", "Kitchen light"]


async def test_after_a_while_it_is_nothing(talk: Talk, control: FakeControl) -> None:
    await talk.says("turn on the desk lamp")
    talk.clock.passed += TALKED_S + 1
    await talk.says("turn it off")
    assert len(control.did) == 1


async def test_a_scene_is_started_by_its_name(talk: Talk) -> None:
    heard = Transcript("Movie night, please.", "en", 1.0)
    assert talk.home.claims(heard)
    assert await talk.says(heard.text) == "I have started the movie night."
    assert talk.home.claims(Transcript("I like movie nights", "en", 1.0)) is None


async def test_a_name_that_only_means_the_like_is_asked_about(control: FakeControl) -> None:
    odd = thing("Grandfather's brass lantern globe", Kind.SWITCH, house.ON_OFF)
    control.entities = (*ALL, odd)
    talk = Talk(control)
    assert await talk.says("turn on grandfather's globe of brass") != ""
    assert all(name == odd.id for name, _ in control.did)


async def test_a_memory_that_fails_leaves_the_words(talk: Talk, control: FakeControl) -> None:
    talk.meanings.fails = True
    assert "I know of no device" in await talk.says("turn on the thingamajig")
    assert control.did == []


async def test_a_long_name_is_not_read_out(control: FakeControl) -> None:
    control.entities = (thing("Lamp " + "very " * 40, Kind.LIGHT, house.LIGHT),)
    assert len(await Talk(control).says("turn on the lamp")) < 80


def test_the_tool_is_called_device(control: FakeControl) -> None:
    (tool,) = tools(control, meanings=Meanings(), clock=FakeClock(), sound=sound)
    assert isinstance(tool, Tool)
    assert (tool.name, [each.name for each in tool.parameters]) == ("device", ["name", "action"])


@pytest.mark.parametrize(
    ("said", "language", "name", "action"),
    [
        ("Turn the heating up to twenty one degrees.", "en", "heating", "21"),
        ("could you close the blinds in the living room", "en", "blinds living room", "close"),
        ("is the heating on in the bathroom", "en", "heating bathroom", "ask"),
        ("打开厨房的灯", "zh", "厨房灯", "on"),
        ("开一下车库门", "zh", "车库门", "open"),
    ],
)
def test_the_call_says_what_shall_be_done(said: str, language: Language, name: str, action: str) -> None:
    found = DeviceTools(None, Meanings(), FakeClock(), sound).read(Transcript(said, language, 1.0))
    assert found == {"name": name, "action": action}
