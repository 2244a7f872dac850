"""What the tools of the agenda do with what is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from digital_life.agenda.agenda import Agenda
from digital_life.agenda.tools import ASKED_FOR, tools
from digital_life.config import Agenda as Settings
from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Read, Tool
from digital_life.values import Entry, EntryKind, EntryState, Language, Transcript
from fakes.agenda import FakeAgendaFile
from fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


@dataclass
class Mind:
    """Calls the tool that reads what is said, as the mind does."""

    file: FakeAgendaFile = field(default_factory=FakeAgendaFile)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.file, clock=self.clock, settings=Settings(), quiet=lambda _now: False)
        self.tools: dict[str, Tool] = {each.name: each for each in tools(self.agenda, self.file, self.clock)}

    def reads(self, text: str, language: Language = "en") -> tuple[str, Arguments] | None:
        heard = Transcript(text, language, 1.0)
        for find in ("awaits", "read"):  # as the toolbox does
            for name, tool in self.tools.items():
                read: Read | None = getattr(tool, find)
                arguments = read(heard) if read else None
                if arguments is not None:
                    return name, arguments
        return None

    async def hears(self, text: str, language: Language = "en") -> str:
        read = self.reads(text, language)
        assert read, text
        return await self.calls(read[0], read[1], Transcript(text, language, 1.0))

    async def calls(self, name: str, arguments: Arguments, heard: Transcript) -> str:
        tool = self.tools[name]
        outcome: Outcome = await tool.run(heard, **tool.validated(arguments))
        return outcome.said

    @property
    def kept(self) -> list[Entry]:
        return list(self.file.kept.values())


@pytest.fixture
def mind() -> Mind:
    return Mind()


def test_the_tools_are_called_reminder_timer_and_list(mind: Mind) -> None:
    assert list(mind.tools) == ["reminder", "timer", "list"]
    assert all(tool.about and tool.schema()["additionalProperties"] is False for tool in mind.tools.values())


@pytest.mark.parametrize(
    ("language", "said", "kind", "what", "minutes"),
    [
        ("en", "Remind me in ten minutes to call my brother.", EntryKind.REMINDER, "call my brother", 10),
        ("en", "Remind me to take my pills in two hours", EntryKind.REMINDER, "take my pills", 120),
        ("en", "Could you remind me about the meeting at three?", EntryKind.REMINDER, "the meeting", 295),
        ("en", "Wake me up tomorrow at seven.", EntryKind.ALARM, "", 1255),
        ("en", "Set an alarm for six thirty tomorrow morning.", EntryKind.ALARM, "", 1225),
        ("en", "Set a ten-minute timer for the eggs.", EntryKind.TIMER, "eggs", 10),
        ("en", "Timer for half an hour", EntryKind.TIMER, "", 30),
        ("zh", "十分钟后提醒我给妈妈打电话。", EntryKind.REMINDER, "给妈妈打电话", 10),
        ("zh", "提醒我下午三点开会", EntryKind.REMINDER, "开会", 295),
        ("zh", "每个工作日七点叫我起床。", EntryKind.ALARM, "", 2695),
        ("zh", "定一个八分钟的煮面计时器", EntryKind.TIMER, "煮面", 8),
        ("zh", "倒计时五分钟", EntryKind.TIMER, "", 5),
    ],
)
async def test_what_is_said_is_set(
    mind: Mind, language: Language, said: str, kind: EntryKind, what: str, minutes: int
) -> None:
    assert await mind.hears(said, language)
    (entry,) = mind.kept
    assert (entry.kind, entry.what, entry.at - NOW) == (kind, what, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "You remind me of my mother."),
        ("en", "Remind me of our talk."),
        ("en", "Remind me what we said yesterday."),
        ("en", "What is a timer?"),
        ("en", "How long is the Nile?"),
        ("en", "I set an alarm yesterday."),
        ("en", "Cancel my order."),
        ("en", "How long is left?"),
        ("en", "Add two and three."),
        ("en", "Tell me about my father."),
        ("zh", "还有多久？"),
        ("zh", "叫我小明"),
        ("zh", "告诉我一个故事"),
        ("en", "I put milk on the list of things I hate."),
        ("en", "The alarm did not ring this morning."),
        ("zh", "你提醒我很多事"),
        ("zh", "提醒我一下我们昨天聊了什么"),
        ("zh", "闹钟为什么会响"),
        ("zh", "计时器是谁发明的"),
        ("zh", "这张清单很长"),
    ],
)
def test_what_is_not_surely_for_them_is_left_to_the_model(mind: Mind, language: Language, said: str) -> None:
    assert mind.reads(said, language) is None


@pytest.mark.parametrize(
    ("language", "said", "asked", "answer"),
    [
        ("en", "Remind me to buy milk.", "When shall I remind you?", "In ten minutes."),
        ("zh", "提醒我买牛奶。", "什么时候提醒你？", "十分钟后。"),
        ("en", "Set a timer.", "For how long?", "Ten minutes."),
        ("zh", "设个计时器", "多长时间？", "十分钟。"),
        ("zh", "提醒我买牛奶。", "什么时候提醒你？", "那就十分钟后吧。"),
    ],
)
async def test_what_was_left_out_is_asked_for_and_the_answer_completes_it(
    mind: Mind, language: Language, said: str, asked: str, answer: str
) -> None:
    assert await mind.hears(said, language) == asked
    assert mind.kept == []
    await mind.hears(answer, language)
    assert [each.at - NOW for each in mind.kept] == [timedelta(minutes=10)]


async def test_a_day_without_a_time_is_asked_for_the_time(mind: Mind) -> None:
    assert await mind.hears("Remind me on Friday to call the dentist.") == "At what time?"
    await mind.hears("At nine.")
    (entry,) = mind.kept
    assert (f"{entry.at:%A %H:%M}", entry.what) == ("Friday 09:00", "call the dentist")


async def test_who_says_something_else_or_waits_too_long_is_not_taken_at_his_word(mind: Mind) -> None:
    await mind.hears("Remind me to buy milk.")
    assert mind.reads("Never mind that, tell me a story about ten minutes.") is None
    mind.clock.passed += ASKED_FOR.total_seconds() + 1
    assert mind.reads("In ten minutes.") is None


async def test_a_time_that_is_none_is_told_to_the_model(mind: Mind) -> None:
    heard = Transcript("Remind me when pigs fly.", "en", 1.0)
    with pytest.raises(ToolError, match="names no time"):
        await mind.calls("reminder", {"what": "x", "when": "when pigs fly"}, heard)
    with pytest.raises(ToolError, match="no length"):
        await mind.calls("timer", {"lasts": "a bit"}, heard)
    assert mind.kept == []


async def test_what_is_set_is_told_in_order_and_one_of_it_is_cancelled(mind: Mind) -> None:
    await mind.hears("Remind me in two hours to call Ada.")
    await mind.hears("Remind me in one hour to call Bob.")
    await mind.hears("Set a timer for ten minutes.")
    told = await mind.hears("What reminders do I have?")
    assert told.startswith("1: ")
    assert told.index("Bob") < told.index("Ada")
    assert "Ada" in await mind.hears("Cancel the second one.")
    assert [each.what for each in mind.kept] == ["call Bob", ""]


async def test_all_of_a_kind_are_cancelled(mind: Mind) -> None:
    for said in ("明天早上七点叫我起床", "明天早上八点叫我起床", "十分钟后提醒我喝水"):
        await mind.hears(said, "zh")
    await mind.hears("取消所有闹钟", "zh")
    assert [each.what for each in mind.kept] == ["喝水"]


async def test_the_one_that_is_named_by_its_time_or_words_is_cancelled(mind: Mind) -> None:
    for said in (
        "Wake me tomorrow at seven.",
        "Wake me tomorrow at eight.",
        "Remind me in an hour to see the dentist.",
    ):
        await mind.hears(said)
    await mind.hears("Cancel the reminder about the dentist.")
    await mind.hears("Cancel my seven o'clock alarm.")
    assert [each.at.hour for each in mind.kept] == [8]


async def test_which_one_is_asked_when_several_may_be_meant(mind: Mind) -> None:
    await mind.hears("Wake me tomorrow at seven.")
    await mind.hears("Wake me tomorrow at eight.")
    assert (await mind.hears("Cancel the alarm.")).startswith("Which one? 1: ")
    assert len(mind.kept) == 2
    await mind.hears("The first one.")
    assert [each.at.hour for each in mind.kept] == [8]


async def test_who_cancels_an_alarm_that_rings_has_it_silent_and_not_gone(mind: Mind) -> None:
    ringing = Entry(EntryKind.ALARM, NOW, "en", repeat="FREQ=DAILY", state=EntryState.RINGING, rung=1)
    await mind.file.keep([ringing])
    await mind.agenda._refresh()
    assert await mind.hears("Cancel the alarm.") == "It is quiet until its next time."
    assert [each.at for each in mind.kept] == [NOW + timedelta(days=1)]
    assert (await mind.hears("Cancel the alarm.")).startswith("Cancelled: ")
    assert mind.kept == []


async def test_how_long_is_left_of_a_timer(mind: Mind) -> None:
    await mind.hears("Set a pasta timer for 8 minutes.")
    mind.clock.passed += 150
    assert await mind.hears("How much time is left?") == "the pasta timer, 5 minutes and 30 seconds left"
    assert await mind.hears("计时器还剩多久？", "zh") == "pasta的计时，还剩5分钟30秒"


async def test_more_minutes_are_for_it_only_where_something_rang_just_now(mind: Mind) -> None:
    for language, said in (("en", "Ten more minutes."), ("en", "Later."), ("zh", "再等十分钟"), ("zh", "等一下")):
        assert mind.reads(said, "zh" if language == "zh" else "en") is None
    await mind.file.keep([Entry(EntryKind.ALARM, NOW, "en", state=EntryState.RINGING, rung=1)])
    await mind.agenda._refresh()
    for language, said in (("en", "Ten more minutes."), ("zh", "再等十分钟"), ("zh", "十分钟后再叫我")):
        name, arguments = mind.reads(said, "zh" if language == "zh" else "en") or ("", {})
        assert (name, arguments["action"]) == ("reminder", "snooze")
    assert await mind.hears("Ten more minutes.") == "Good, I will ring again in 10 minutes."
    assert [each.again for each in mind.kept] == [NOW + timedelta(minutes=10)]


async def test_where_nothing_is_set_that_is_said(mind: Mind) -> None:
    assert await mind.hears("What alarms are set?") == "No alarm is set."
    assert await mind.hears("Cancel all alarms.") == "There is none like that."
    assert await mind.hears("Snooze.") == "Nothing is ringing."
    assert await mind.hears("有什么提醒？", "zh") == "现在没有提醒。"


async def test_what_cannot_be_kept_is_not_confirmed(mind: Mind) -> None:
    mind.file.broken = True
    for said in ("Remind me in ten minutes.", "Set a timer for ten minutes.", "Add milk to my shopping list."):
        with pytest.raises(ToolError, match="could not be kept"):
            await mind.hears(said)


async def test_a_list_is_kept_shown_and_shortened_in_both_languages(mind: Mind) -> None:
    assert await mind.hears("Add milk, the eggs and bread to my shopping list.") == (
        "On the shopping list now: milk, eggs and bread."
    )
    assert await mind.hears("Put Milk on the list.") == "On the shopping list now: Milk."
    assert await mind.hears("把茶加到购物清单", "zh") == "购物清单上记下了：茶。"
    assert await mind.hears("购物清单上有什么？", "zh") == "购物清单上有：milk、eggs、bread和茶。"
    assert await mind.hears("Remove the eggs from the shopping list.") == "Off the shopping list: eggs."
    assert await mind.hears("Take rice off my list.") == "The shopping list does not have rice."
    assert await mind.hears("What is on my shopping list?") == "On the shopping list: milk, bread and 茶."
    assert await mind.hears("清空购物清单", "zh") == "购物清单上什么都没有。"
    assert await mind.hears("What is on my packing list?") == "There is nothing on the packing list."
    with pytest.raises(ToolError, match="nothing was named"):
        await mind.calls("list", {"action": "add"}, Transcript("Add it to the list.", "en", 1.0))
