"""The memory's page: what it tells, what it changes, and that looking changes nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from digital_life import words
from digital_life.config import Memory as Settings
from digital_life.errors import DigitalLifeError, RequestError
from digital_life.memory.life import Life
from digital_life.memory.records import Sentence, Stats
from digital_life.values import GUEST, USER, Entry, EntryKind, Language, Person, Reply, Timings, Transcript, Turn
from digital_life.values import Call as ToolCall
from digital_life.views import keeping, memory
from digital_life.web.resource import Call, Download, Resource
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

BEGAN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY_S = 86_400
PASSPHRASE = "seven blue horses"  # noqa: S105 - of a test


@dataclass
class Console:
    """The resources of one life, asked as a page asks them."""

    life: Life
    clock: FakeClock
    home: Path
    resources: tuple[Resource, ...]

    async def told(
        self, heard: str, said: str = "I see.", calls: tuple[ToolCall, ...] = (), person: Person = USER
    ) -> int:
        self.clock.passed += 60
        transcript = Transcript(heard, "en", 0.9, person=person)
        turn = Turn(1, self.clock.now(), None, transcript, Reply(said), Timings(), calls)
        return await self.life.remember(turn)

    async def slept(self) -> None:
        await self.life.end_conversation()
        await self.life.rest(FakeWriter(diligent))

    async def ask(
        self, method: str, path: str, body: object = None, *, file: Path | None = None, language: Language = "en"
    ) -> Any:
        """The answer, as it arrives in the page."""
        path, _, query = path.partition("?")
        asked = dict(each.split("=", 1) for each in query.split("&") if each)
        resource, places = self._find(method, path)
        call = Call(words.load(language), places, asked, json.dumps(body).encode(), file)
        answer = await resource.answer(call)
        return answer if isinstance(answer, Download) else msgspec.json.decode(msgspec.json.encode(answer))

    def _find(self, method: str, path: str) -> tuple[Resource, Mapping[str, str]]:
        parts = path.split("/")
        fitting = []
        for resource in self.resources:
            wanted = resource.path.split("/")
            if resource.method == method and len(wanted) == len(parts):
                pairs = list(zip(wanted, parts, strict=True))
                places = {name[1:-1]: part for name, part in pairs if name.startswith("{")}
                if all(name == part or name.startswith("{") for name, part in pairs):
                    fitting.append((resource, places))
        return min(fitting, key=lambda each: len(each[1]))


@asynccontextmanager
async def console(home: Path) -> AsyncGenerator[Console]:
    clock = FakeClock(BEGAN)
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings(), names=["Ada"]) as life,
    ):
        lives, names = {"": life}, {"": "Nova"}
        resources = (
            *memory.resources(lives, names=names),
            *keeping.resources(lives, names=names, home=home, clock=clock),
        )
        yield Console(life, clock, home, resources)


async def error_of(console: Console, method: str, path: str, body: object = None, file: Path | None = None) -> str:
    with pytest.raises(DigitalLifeError) as raised:
        await console.ask(method, path, body, file=file)
    assert isinstance(raised.value, RequestError)
    assert raised.value.sentence("zh")
    return raised.value.key


async def test_an_empty_life_is_told_of_without_an_error(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        answer = await page.ask("GET", "/api/memory")
        assert answer["stats"]["turns"] == 0
        assert answer["stats"]["began"] is None
        assert answer["lives"] == [{"life": "", "name": "Nova"}]
        assert await page.ask("GET", "/api/memory/months/2026-11") == {"days": [], "diaries": []}
        assert (await page.ask("GET", "/api/memory/concepts/self"))["versions"] == []
        assert (await page.ask("GET", "/api/memory/time"))["days"] == []
        assert await page.ask("GET", "/api/memory/search?text=cat") == []


async def test_a_month_tells_its_days_and_a_day_what_was_said(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        await page.slept()
        month = await page.ask("GET", "/api/memory/months/2026-11")
        assert [(each["day"], each["turns"], each["diaries"]) for each in month["days"]] == [("2026-11-02", 1, 1)]
        assert month["diaries"][0]["day"] == "2026-11-02"
        day = await page.ask("GET", "/api/memory/days/2026-11-02")
        assert [each["heard"] for each in day["turns"]] == ["My cat is black."]
        assert not day["more"]
        told = next(each for each in day["diaries"][0]["sentences"] if "cat" in each["text"])
        (source,) = await page.ask("GET", f"/api/memory/turns?numbers={told['sources'][0]}")
        assert source["heard"] == "My cat is black."
        assert await page.ask("GET", f"/api/memory/turns?numbers={'9' * 5000},x,-1,{1 << 64}") == []
        assert await error_of(page, "GET", "/api/memory/days/yesterday") == "memory-no-day"
        assert await error_of(page, "GET", "/api/memory/diaries/99") == "memory-no-diary"


async def test_the_mood_of_a_diary_is_told_in_the_readers_language(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        await page.slept()
        assert (await page.ask("GET", "/api/memory/diaries/1"))["mood"] == "calm"
        assert (await page.ask("GET", "/api/memory/diaries/1", language="zh"))["mood"] == "平静"


def test_both_languages_know_the_same_moods() -> None:
    assert len(words.load("en").texts(memory.MOODS)) == len(words.load("zh").texts(memory.MOODS))


async def test_a_long_day_comes_in_pages(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        for n in range(memory.PAGE + 5):
            await page.told(f"Number {n}.")
        first = await page.ask("GET", "/api/memory/days/2026-11-02")
        assert (len(first["turns"]), first["more"]) == (memory.PAGE, True)
        rest = await page.ask("GET", f"/api/memory/days/2026-11-02?after={first['turns'][-1]['id']}")
        assert (len(rest["turns"]), rest["more"]) == (5, False)


async def test_a_search_says_how_sure_it_is_and_why(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat Minka is black.")
        page.clock.passed += DAY_S
        await page.told("The weather was fine.")
        best = (await page.ask("GET", "/api/memory/search?text=inka"))[0]
        assert (best["kind"], best["sure"], best["why"]["literal"]) == ("turn", "sure", True)
        found = await page.ask("GET", "/api/memory/search?text=black cat&first=2026-11-03")
        assert all(each["when"] >= "2026-11-03" for each in found)
        assert await error_of(page, "GET", "/api/memory/search?text=cat&last=soon") == "memory-no-day"


async def test_it_shows_whose_it_is_and_what_is_known_of_each(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My parrot is called Whisker.")
        await page.told("My parrot is called Blitz.", person=Person("Anna"))
        await page.told("My parrot is called Zorro.", person=GUEST)
        await page.slept()
        assert (await page.ask("GET", "/api/memory"))["people"] == ["Anna"]
        day = await page.ask("GET", "/api/memory/days/2026-11-02")
        assert [each["person"] for each in day["turns"]] == ["", "Anna", "?"]
        found = await page.ask("GET", "/api/memory/search?text=Blitz")
        assert [each["people"] for each in found if each["kind"] == "turn" and "Blitz" in each["text"]] == [["Anna"]]
        assert [each["people"] for each in found if each["kind"] == "diary"] == [["", "Anna"]]
        annas = await page.ask("GET", "/api/memory/concepts/user?person=Anna")
        assert "Blitz" in annas["sentences"][0]["text"]
        changed = {"sentences": [{"text": "Anna has a parrot."}], "seen": annas["seen"]}
        await page.ask("PUT", "/api/memory/concepts/user?person=Anna", changed)
        users = await page.ask("GET", "/api/memory/concepts/user")
        assert ["Whisker" in each["text"] for each in users["sentences"]] == [True]


async def test_looking_strengthens_nothing(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat Minka is black.")
        await page.slept()
        for path in ("", "/search?text=cat", "/days/2026-11-02", "/time", "/concepts/user"):
            await page.ask("GET", f"/api/memory{path}")
        assert (await page.ask("GET", "/api/memory/traces/turn/1"))["strength"] == 1.0


async def test_a_recall_shows_in_the_curve_and_the_future_fades(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat Minka is black.")
        page.clock.passed += DAY_S
        found = await page.life.search("Minka cat")
        await page.told("What is my cat called?", calls=(ToolCall("recall_by_need", "cat", found[:1]),))
        page.clock.passed += DAY_S
        trace = await page.ask("GET", "/api/memory/traces/turn/1")
        assert trace["strength"] == 2.0
        assert len(trace["recalls"]) == 1
        assert trace["left"] == pytest.approx(0.6065, abs=1e-3)
        assert trace["points"][-1]["at"] > trace["now"]
        assert trace["points"][-1]["left"] < trace["left"]
        assert await error_of(page, "GET", "/api/memory/traces/turn/99") == "memory-no-trace"
        assert await error_of(page, "GET", "/api/memory/traces/dream/1") == "memory-no-trace"


async def test_a_corrected_sentence_still_comes_from_where_it_came_from(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        await page.slept()
        (number,) = [each.id for each in await page.life.diaries()]
        diary = await page.ask("GET", f"/api/memory/diaries/{number}")
        edited = {
            "title": "A white cat",
            "seen": diary["seen"],
            "sentences": [{"text": "The cat is white.", "sources": [1]}],
        }
        changed = await page.ask("PUT", f"/api/memory/diaries/{number}", edited)
        assert changed["title"] == "A white cat"
        assert changed["sentences"] == [{"text": "The cat is white.", "sources": [1]}]
        assert (await page.ask("GET", "/api/memory/search?text=white"))[0]["number"] == number
        assert await error_of(page, "PUT", f"/api/memory/diaries/{number}", edited) == "memory-changed-meanwhile"
        await page.ask("POST", "/api/memory/forget", {"turns": [1]})
        assert await page.life.diaries() == []


async def test_undoing_a_correction_brings_back_nothing_that_was_forgotten(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My brother Tom lives in Berlin.")
        await page.told("I like black tea.")
        await page.slept()
        before = (await page.ask("GET", "/api/memory/diaries/1"))["sentences"]
        await page.ask("POST", "/api/memory/forget", {"turns": [1]})
        seen = (await page.ask("GET", "/api/memory/diaries/1"))["seen"]
        after = await page.ask("PUT", "/api/memory/diaries/1", {"seen": seen, "title": "Tea", "sentences": before})
        assert [each["sources"] for each in after["sentences"]] == [[2]]


async def test_a_diary_of_nothing_is_refused_and_one_can_be_deleted(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        await page.slept()
        diary = await page.ask("GET", "/api/memory/diaries/1")
        empty = {"seen": diary["seen"], "sentences": [{"text": "  "}]}
        assert await error_of(page, "PUT", "/api/memory/diaries/1", empty) == "memory-nothing-written"
        assert await page.ask("DELETE", "/api/memory/diaries/1") is None
        assert await error_of(page, "DELETE", "/api/memory/diaries/1") == "memory-no-diary"


async def test_a_concept_is_edited_compared_and_taken_back(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.life.set_concept("user", ["Likes tea.", "Lives in Berlin."])
        now = await page.ask("GET", "/api/memory/concepts/user")
        lines = [{"text": "Likes tea."}, {"text": "Lives in Bonn."}]
        after = await page.ask("PUT", "/api/memory/concepts/user", {"seen": now["seen"], "sentences": lines})
        assert len(after["versions"]) == 2
        version = await page.ask("GET", "/api/memory/concepts/user/2")
        assert [(each["kind"], each["text"]) for each in version["differences"]] == [
            ("kept", "Likes tea."),
            ("gone", "Lives in Berlin."),
            ("new", "Lives in Bonn."),
        ]
        back = await page.ask("POST", "/api/memory/concepts/user/restore", {"version": 1, "seen": after["seen"]})
        assert [each["text"] for each in back["sentences"]] == ["Likes tea.", "Lives in Berlin."]
        assert len(back["versions"]) == 3
        stale = {"version": 1, "seen": now["seen"] + "x"}
        assert await error_of(page, "POST", "/api/memory/concepts/user/restore", stale) == "memory-changed-meanwhile"
        assert await error_of(page, "GET", "/api/memory/concepts/user/0") == "memory-no-version"
        assert await error_of(page, "GET", "/api/memory/concepts/cat") == "memory-no-concept"


async def test_a_preview_names_all_that_would_go_and_changes_nothing(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My brother Tom lives in Berlin.")
        await page.told("I like black tea.")
        await page.slept()
        before = await page.life.diaries(), await page.life.concept("user")
        preview = await page.ask("POST", "/api/memory/forget/preview", {"turns": [1]})
        assert [each["id"] for each in preview["turns"]] == [1]
        (diary,) = preview["diaries"]
        assert not diary["whole"]
        assert any(each["kind"] == "gone" and "Tom" in each["text"] for each in diary["differences"])
        assert [each["kind"] for each in preview["concepts"]] == ["user"]
        assert (await page.life.diaries(), await page.life.concept("user")) == before
        assert await page.ask("POST", "/api/memory/forget", {"turns": [1]}) == {"forgotten": 1, "aside": []}
        assert "Tom" not in str([await page.life.diaries(), await page.life.concept("user")])


async def test_a_preview_names_what_a_policy_wrote_of_it(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My brother Tom lives in Berlin.")
        note = Sentence("The user's brother Tom lives in Berlin.", (1,))
        await page.life.run(lambda store: store.notes.add("recursive", BEGAN, note))
        preview = await page.ask("POST", "/api/memory/forget/preview", {"turns": [1]})
        assert [(each["kind"], each["text"]) for each in preview["notes"]] == [("gone", note.text)]


async def test_a_day_or_what_something_is_about_can_be_forgotten(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My brother Tom lives in Berlin.")
        page.clock.passed += DAY_S
        await page.told("I like black tea.")
        day = await page.ask("POST", "/api/memory/forget/preview", {"first": "2026-11-03", "last": "2026-11-03"})
        assert [each["heard"] for each in day["turns"]] == ["I like black tea."]
        about = await page.ask("POST", "/api/memory/forget/preview", {"about": "my brother Tom in Berlin"})
        assert [each["id"] for each in about["turns"]] == [1]
        assert (await page.ask("POST", "/api/memory/forget/preview", {}))["turns"] == []
        assert await error_of(page, "POST", "/api/memory/forget", {"turns": [99]}) == "memory-nothing-to-forget"


async def test_the_time_line_counts_also_what_was_forgotten(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        for text in ("One.", "Two.", "Three."):
            await page.told(text)
        await page.ask("POST", "/api/memory/forget", {"turns": [2, 3]})
        time = await page.ask("GET", "/api/memory/time")
        assert time["forgotten"] == 2
        assert [(each["turns"], each["forgotten"]) for each in time["days"]] == [(1, 2)]


async def test_exported_wiped_and_imported_it_is_the_same_life(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My brother Tom lives in Berlin.")
        await page.slept()
        await page.life.keep([Entry(EntryKind.REMINDER, BEGAN + timedelta(days=9), "en", "water the flowers")])
        await page.life.tidy()
        before = await everything(page)
        archive = await carried_away(page)
        answer = await page.ask("POST", "/api/memory/wipe", {"name": "Nova"})
        await page.ask("POST", "/api/memory/wipe", {"name": "Nova", "code": answer["code"]})
        assert b"Berlin" not in b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
        assert (await page.ask("GET", "/api/memory"))["forgotten"] == 0
        await page.told("Who are you?")
        arrived = await page.ask("POST", "/api/memory/import", file=archive)
        assert (arrived["kind"], arrived["encrypted"]) == ("life", True)
        wrong = {"passphrase": "no idea at all"}
        assert await error_of(page, "POST", f"/api/memory/import/{arrived['code']}", wrong) == "archive-locked"
        taken = await page.ask("POST", f"/api/memory/import/{arrived['code']}", {"passphrase": PASSPHRASE})
        assert taken["stats"]["turns"] == 1
        assert (tmp_path / taken["aside"]).is_file()
        assert await everything(page) == before
        assert (await page.life.search("Tom Berlin"))[0].score > 0.5
        assert await page.told("I am back.") == 2


async def everything(page: Console) -> object:
    life = page.life
    stats = await life.stats()
    return (
        Stats(stats.turns, stats.conversations, stats.diaries, stats.began, 0),
        await life.all_turns(),
        await life.diaries(),
        [await life.version(kind, 1) for kind in ("self", "user")],
        await life.entries(),
    )


async def carried_away(page: Console) -> Path:
    download = await page.ask("POST", "/api/memory/export", {"passphrase": PASSPHRASE})
    assert isinstance(download.content, Path)
    kept = page.home.parent / "kept.age"
    download.content.replace(kept)
    return kept


async def test_a_short_pass_phrase_is_refused(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        assert await error_of(page, "POST", "/api/memory/export", {"passphrase": "short"}) == "memory-passphrase-short"


async def test_nothing_is_wiped_without_the_name_and_a_fresh_code(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        assert await error_of(page, "POST", "/api/memory/wipe", {"name": "nova"}) == "memory-other-name"
        first = await page.ask("POST", "/api/memory/wipe", {"name": "Nova"})
        guess = {"name": "Nova", "code": "0" * 32}
        assert await error_of(page, "POST", "/api/memory/wipe", guess) == "memory-code-over"
        right = {"name": "Nova", "code": first["code"]}
        assert await error_of(page, "POST", "/api/memory/wipe", right) == "memory-code-over"
        second = await page.ask("POST", "/api/memory/wipe", {"name": "Nova"})
        page.clock.passed += keeping.CODE_S + 1
        late = {"name": "Nova", "code": second["code"]}
        assert await error_of(page, "POST", "/api/memory/wipe", late) == "memory-code-over"
        assert (await page.life.stats()).turns == 1


async def test_another_programs_memory_is_added(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        file = tmp_path.parent / "memory.json"
        history = {"2025-01-01": [{"query": "I like figs.", "response": "So do I."}]}
        file.write_text(json.dumps({"Ann": {"history": history}, "Bob": {"history": history}}))
        arrived = await page.ask("POST", "/api/memory/import", file=file)
        assert (arrived["kind"], arrived["users"]) == ("foreign", ["Ann", "Bob"])
        where = f"/api/memory/import/{arrived['code']}"
        assert await error_of(page, "POST", where, {}) == "memory-which-user"
        assert (await page.ask("POST", where, {"user": "Bob"}))["turns"] == 1
        assert [each.heard for each in await page.life.all_turns()] == ["My cat is black.", "I like figs."]
        assert await error_of(page, "POST", where, {"user": "Bob"}) == "memory-code-over"


@pytest.mark.parametrize("garbage", [b"", b"{}", b"PK\x03\x04 no archive", b"age-encryption.org/v1\nnonsense"])
async def test_a_file_that_is_nobodys_memory_changes_nothing(tmp_path: Path, garbage: bytes) -> None:
    async with console(tmp_path / "home") as page:
        await page.told("My cat is black.")
        file = tmp_path / "file"
        file.write_bytes(garbage)

        async def take_in() -> None:
            arrived = await page.ask("POST", "/api/memory/import", file=file)
            await page.ask("POST", f"/api/memory/import/{arrived['code']}", {"passphrase": PASSPHRASE})

        with pytest.raises(RequestError, match="file") as raised:
            await take_in()
        assert str(tmp_path) not in raised.value.sentence("en")
        assert (await page.life.stats()).turns == 1


async def test_other_programs_can_read_what_was_said(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        await page.told("My cat is black.")
        download = await page.ask("GET", "/api/memory/memorybank")
        assert isinstance(download.content, bytes)
        assert "My cat is black." in download.content.decode()


async def test_a_life_that_nobody_lives_is_not_there(tmp_path: Path) -> None:
    async with console(tmp_path) as page:
        assert await error_of(page, "GET", "/api/memory/time?life=ghost") == "memory-no-life"
