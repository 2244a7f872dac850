"""All that the display's page asks for is there, and an avatar may change while it runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digital_life import config
from digital_life.backends.avatars import CHOSEN, FOLDER, MANIFEST, Avatars
from digital_life.display.acting import Acting
from digital_life.display.messages import Expression, Motion, Status, from_json
from digital_life.display.stage import Stage
from digital_life.errors import ConfigError
from digital_life.values import State
from digital_life.views.face import AVATAR, PAGE, SOCKET, acting_of, site_of
from digital_life.web.site import Folder, Site
from fakes.clock import FakeClock
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.pages import FakePage
from fakes.room import room


def site(home: Path, *, brokers: tuple[str, ...] = ()) -> Site:
    stage = Stage(Acting(mood_of=lambda *_: "", is_grave=lambda _: False, subtitles=True), clock=FakeClock())
    settings = config.Display(brokers=brokers)
    return site_of(stage, avatar=Avatars(home).folder, settings=settings, topic="digital-life/kitchen")


def folder(it: Site, prefix: str) -> Folder:
    return next(each for each in it.folders if each.prefix == prefix)


def installed(home: Path, name: str) -> None:
    place = home / FOLDER / name
    (place / "model").mkdir(parents=True)
    (place / MANIFEST).write_text(json.dumps({"name": name}))
    (home / FOLDER / CHOSEN).write_text(name)


def test_the_page_its_words_and_its_socket_are_served(tmp_path: Path) -> None:
    it = site(tmp_path)
    page = folder(it, PAGE)
    assert page.files.joinpath(page.index).is_file()
    assert page.files.joinpath("vendor", "mqtt.min.js").is_file()
    assert json.loads(it.documents["/display/words.json"]("en"))["zh"]["title"]
    assert SOCKET in it.channels


def test_the_avatar_is_the_one_in_use(tmp_path: Path) -> None:
    files = folder(site(tmp_path), AVATAR).files
    assert files.joinpath(MANIFEST).read_text().strip() == "null"
    for name in ("one", "other"):
        installed(tmp_path, name)
        assert json.loads(files.joinpath(MANIFEST).read_bytes())["name"] == name
    Avatars(tmp_path).choose("")
    assert files.joinpath(MANIFEST).read_text().strip() == "null"


def test_no_link_leads_out_of_the_avatar(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    installed(tmp_path, "one")
    (tmp_path / FOLDER / "one" / "model" / "link").symlink_to(tmp_path / "secret")
    files = folder(site(tmp_path), AVATAR).files
    assert not files.joinpath("model", "link").is_file()
    assert not files.joinpath("..", "..", "secret").is_file()


def test_the_page_may_connect_to_the_brokers_of_the_settings_alone(tmp_path: Path) -> None:
    assert "connect-src 'self';" in folder(site(tmp_path), PAGE).policy
    it = site(tmp_path, brokers=("ws://box:9001", "wss://box:9002"))
    assert "connect-src 'self' ws://box:9001 wss://box:9002;" in folder(it, PAGE).policy
    told = json.loads(it.documents["/display/broker.json"]("en"))
    assert told == {"topic": "digital-life/kitchen", "broker": "ws://box:9001/mqtt"}
    assert json.loads(site(tmp_path).documents["/display/broker.json"]("zh"))["broker"] is None


@pytest.mark.parametrize(
    "broker", ["http://box", "ws://box/mqtt", "ws://*", "ws://box; script-src *", "box:9001", "ws://"]
)
def test_what_is_no_address_of_a_broker_is_refused(broker: str) -> None:
    with pytest.raises(ConfigError):
        config.load(None, [f'display.brokers=["{broker}"]'])


@pytest.mark.parametrize("broker", ["ws://box:9001", "wss://192.168.1.4", "ws://[::1]:9001"])
def test_an_address_of_a_broker_is_taken(broker: str) -> None:
    assert config.load(None, [f'display.brokers=["{broker}"]']).display.brokers == (broker,)


async def test_a_talk_is_seen_on_the_face() -> None:
    answer = FakeLanguageModel("That is wonderful, I am so happy for you!")
    async with room(FakeSpeechToText("I have passed my exam."), answer) as it:
        stage = Stage(acting_of(config.Display()), clock=it.clock)
        it.broadcast.subscribe(stage.hear)
        stage.opened(page := FakePage())
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        await it.until(lambda: it.states[-1] is State.LISTENING)
        told = [from_json(each) for each in page.sent]
        looks = [each.name for each in told if isinstance(each, Expression)]
        assert [each for each in looks if each != "neutral"] == ["thinking", "happy"]
        assert [each.name for each in told if isinstance(each, Motion)] == ["wake", "nod"]
        assert stage.present == (Status(state=State.LISTENING), Expression(name="happy"))


async def test_nothing_of_a_crisis_is_seen_on_the_face() -> None:
    answer = FakeLanguageModel("I am so sorry, that is terribly sad.")
    async with room(FakeSpeechToText("I want to kill myself."), answer) as it:
        stage = Stage(acting_of(config.Display()), clock=it.clock)
        it.broadcast.subscribe(stage.hear)
        stage.opened(page := FakePage())
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        looks = {each.name for each in map(from_json, page.sent) if isinstance(each, Expression)}
        assert looks <= {"neutral", "thinking"}
