"""The face in the web server: how it acts, the display's page, its avatar and its WebSocket."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from digital_life import config
from digital_life.care import signs
from digital_life.display import page
from digital_life.display.acting import Acting
from digital_life.display.avatar import AvatarFolder
from digital_life.ports import Channel
from digital_life.talking.mood import mood_of
from digital_life.web.site import Folder, Site

PAGE: Final = "/display/"
AVATAR: Final = "/avatar/"
SOCKET: Final = "/display/socket"


def acting_of(settings: config.Display) -> Acting:
    """A face that feels with what it says, and is calm where somebody is in a crisis."""
    return Acting(
        mood_of=mood_of,
        is_grave=lambda heard: signs.look(heard.text).level > 0,
        subtitles=settings.subtitles,
    )


def site_of(stage: Channel, *, avatar: Callable[[], Path | None], settings: config.Display, topic: str) -> Site:
    """`avatar` is the folder of the Live2D model in use, None: of none. `topic` is the companion's own on MQTT."""
    policy = page.policy(brokers=settings.brokers)
    avatars = AvatarFolder(avatar, nothing=page.no_avatar())
    return Site(
        channels={SOCKET: stage},
        folders=(
            Folder(PAGE, page.files(), policy, index=page.START),
            Folder(AVATAR, avatars, policy),
        ),
        documents={
            PAGE + page.WORDS: lambda _: page.words_json(),
            PAGE + page.BROKER: lambda _: page.broker_json(topic, settings.brokers),
        },
    )
