"""The home: what was announced in it, what is known of each thing, and where more will be told."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digital_life.devices import discovery, kinds
from digital_life.values import Published

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from digital_life.devices.discovery import Announcement
    from digital_life.devices.entity import Condition, Entity

MOST_ENTITIES = 2_000
"""A large house has some hundred; whoever announces without end does not fill the memory."""
MOST_TOPICS = 5_000
"""That are listened to: each is a subscription at the broker."""
MOST_CLAIMS = 4_000
"""Announcements of entities, those included that a later one hides."""
LONGEST_STATE = 16_384
"""Bytes. A state is short; a picture is none."""
FULL = f"the home is full: more than {MOST_ENTITIES} entities or {MOST_TOPICS} topics"


@dataclass(frozen=True, slots=True)
class Naming:
    """What the configuration says of a device."""

    room: str = ""
    """Empty: what its announcement says counts."""
    aliases: tuple[str, ...] = ()
    confirm: bool | None = None
    """Whether it is commanded only after a yes; None: as its kind and class say."""


@dataclass(frozen=True, slots=True)
class News:
    """What an announcement changed."""

    changed: frozenset[str] = frozenset()
    """Ids of the entities that came, went or are others now."""
    listen: frozenset[str] = frozenset()
    """Topics that are needed now."""
    leave: frozenset[str] = frozenset()
    """Topics that are needed no more."""
    refused: str = ""
    """Why nothing of it was taken, English, for the log."""


class Home:
    """Fed with messages; tells what is to be listened to. An id that is announced twice is what the later one says."""

    def __init__(
        self, naming: Mapping[str, Naming] | None = None, *, prefix: str = "homeassistant", own: str = ""
    ) -> None:
        """`naming` by name; `own` is the topic of the companion's own announcement, which is no device of the home."""
        self._naming = {name.casefold(): each for name, each in (naming or {}).items()}
        self._prefix = prefix
        self._own = own
        self._payloads: dict[str, int] = {}
        """Of each announcement that was taken, the hash: what is said again is not read again."""
        self._sources: dict[str, frozenset[str]] = {}
        """The ids that each announces."""
        self._claimed = 0
        """How many they are together."""
        self._claims: dict[str, dict[str, Entity]] = {}
        """Of each id what each source says, the latest last."""
        self._entities: dict[str, Entity] = {}
        self._conditions: dict[str, Condition] = {}
        self._needs: dict[str, set[str]] = {}
        """By topic: the ids of the entities that need it."""
        self._told: dict[str, tuple[int, bytes]] = {}
        """The latest payload by topic, and the number of the message."""
        self._messages = itertools.count()
        self._available: dict[str, bool] = {}
        """By id, as far as it was asked for since something was told of it."""

    @property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(self._entities.values())

    @property
    def topics(self) -> frozenset[str]:
        """All that is needed."""
        return frozenset(self._needs)

    def entity(self, entity_id: str) -> Entity | None:
        """As it is announced now; None: it is gone."""
        return self._entities.get(entity_id)

    def condition(self, entity_id: str) -> Condition:
        return self._conditions.get(entity_id, {})

    def is_available(self, entity_id: str) -> bool:
        """True while nothing says otherwise."""
        entity = self._entities.get(entity_id)
        if entity is None:
            return False
        if entity_id not in self._available:
            in_order = sorted((*self._told[topic], topic) for topic in entity.topics & self._told.keys())
            told = {topic: payload for _, payload, topic in in_order}
            self._available[entity_id] = kinds.available(entity, told) is not False
        return self._available[entity_id]

    def confirm(self, entity: Entity) -> bool | None:
        """Whether the configuration says that it needs a yes; None: it says nothing."""
        found = (each.confirm for each in self._names_of(entity))
        return next((each for each in found if each is not None), None)

    def announced(self, topic: str, payload: bytes) -> News:
        """An announcement has come. Nothing that cannot be read changes what is there."""
        if topic == self._own or (payload and self._payloads.get(topic) == hash(payload)):
            return News()
        if payload and topic not in self._sources and len(self._entities) >= MOST_ENTITIES:
            return News(refused=FULL)
        announcement = discovery.read(topic, payload, prefix=self._prefix)
        if announcement is None:
            return News()
        if announcement.refused:
            return News(refused=announcement.refused)
        news = self.place(announcement)
        if topic in self._sources:
            self._payloads[topic] = hash(payload)
        return news

    def place(self, announcement: Announcement) -> News:
        """Take what it says in the place of what the same source said before."""
        source = announcement.source
        new = {each.id: self._named(each) for each in announcement.entities}
        old = self._sources.get(source, frozenset())
        if new and not self._has_room(new.values(), claims=len(new) - len(old)):
            return News(refused=FULL)
        touched = old | new.keys()
        claimed = (each for one in touched for each in self._claims.get(one, {}).values())
        involved = {topic for each in (*claimed, *new.values()) for topic in each.topics}
        before = involved & self._needs.keys()
        changed = frozenset(each for each in touched if self._claim(source, each, new.get(each)))
        self._payloads.pop(source, None)
        self._sources.pop(source, None)
        self._claimed += len(new) - len(old)
        if new:
            self._sources[source] = frozenset(new)
        after = involved & self._needs.keys()
        return News(changed, frozenset(after - before), frozenset(before - after))

    def told(self, message: Published) -> frozenset[str]:
        """A state or an availability has come; the ids of the entities that it is about."""
        ids = self._needs.get(message.topic)
        if not ids or len(message.payload) > LONGEST_STATE:
            return frozenset()
        self._told[message.topic] = (next(self._messages), message.payload)
        for each in ids:
            self._conditions[each] = kinds.decode(self._entities[each], self._conditions[each], message)
            self._available.pop(each, None)
        return frozenset(ids)

    def _has_room(self, entities: Collection[Entity], *, claims: int) -> bool:
        ids = {each.id for each in entities} - self._entities.keys()
        topics = {topic for each in entities for topic in each.topics} - self._needs.keys()
        return (
            len(self._entities) + len(ids) <= MOST_ENTITIES
            and len(self._needs) + len(topics) <= MOST_TOPICS
            and self._claimed + claims <= MOST_CLAIMS
        )

    def _claim(self, source: str, entity_id: str, entity: Entity | None) -> bool:
        """What `source` says of it now; None: nothing more. Whether that made a difference."""
        claims = self._claims.setdefault(entity_id, {})
        claims.pop(source, None)
        if entity:
            claims[source] = entity
        was = self._entities.get(entity_id)
        now = next(reversed(claims.values()), None)
        if not claims:
            del self._claims[entity_id]
        if now == was:
            return False
        self._available.pop(entity_id, None)
        if now:
            self._learn(now)
        if was:
            self._forget(was, still=now.topics if now else frozenset())
        if was and not now:
            del self._entities[entity_id], self._conditions[entity_id]
        return True

    def _learn(self, entity: Entity) -> None:
        """What is known of it already, and of the topics that it shares with others, counts."""
        known = self._conditions.get(entity.id, {})
        condition: Condition = {key: value for key, value in known.items() if key in entity.capabilities}
        for topic in sorted(entity.topics):
            self._needs.setdefault(topic, set()).add(entity.id)
            if topic in self._told:
                condition = kinds.decode(entity, condition, Published(topic, self._told[topic][1], retain=True))
        self._entities[entity.id] = entity
        self._conditions[entity.id] = condition

    def _forget(self, entity: Entity, *, still: frozenset[str]) -> None:
        """Its topics are needed no more, but for those that others need and what is `still` needed for itself."""
        for topic in entity.topics - still:
            self._needs[topic].discard(entity.id)
            if not self._needs[topic]:
                del self._needs[topic]
                self._told.pop(topic, None)

    def _named(self, entity: Entity) -> Entity:
        names = self._names_of(entity)
        room = next((each.room for each in names if each.room), entity.room)
        return replace(
            entity, room=room, aliases=next((each.aliases for each in names if each.aliases), entity.aliases)
        )

    def _names_of(self, entity: Entity) -> tuple[Naming, ...]:
        """What the configuration says of it, and of its device: whose aliases are those of what it is for alone."""
        of_itself = (self._naming.get(each.casefold()) for each in (entity.id, entity.title))
        of_device = self._naming.get(entity.device.casefold())
        if of_device and entity.title != entity.device:
            of_device = replace(of_device, aliases=())
        return tuple(each for each in (*of_itself, of_device) if each)
