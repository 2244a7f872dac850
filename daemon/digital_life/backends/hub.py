"""Files of the Hugging Face hub: where they are, and whether the hub can be reached at all."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import msgspec
from huggingface_hub import constants, hf_hub_url
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined] # exported, but not in its __all__

from digital_life.backends.download import Unavailable, download
from digital_life.malformed import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.backends.progress import Meter

REACH_S = 4.0
"""A hub that has not answered by then is out of reach: a name server alone may take far longer to give up."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one commit."""

    name: str
    revision: str
    files: tuple[str, ...]


def is_offline() -> bool:
    """Whether the person forbade it (HF_HUB_OFFLINE)."""
    return bool(constants.HF_HUB_OFFLINE)


def is_reachable(client: httpx.Client) -> bool:
    """Ask the hub for a sign of life."""
    answers: list[int] = []

    def ask() -> None:
        try:
            answers.append(client.head(constants.ENDPOINT, timeout=REACH_S).status_code)
        except httpx.HTTPError:
            return

    asking = threading.Thread(target=ask, name="hub.reach", daemon=True)
    asking.start()
    asking.join(REACH_S)
    return bool(answers)


def fetch(client: httpx.Client, repository: str, file: str, part: Path, *, revision: str, meter: Meter) -> None:
    """Fetch one file into `part`. Raises Unavailable; FetchError when the disk is full."""
    url = hf_hub_url(repository, file, revision=revision)
    download(client, url, part, name=file.rpartition("/")[2], meter=meter, headers=build_hf_headers())


class _Sibling(msgspec.Struct):
    rfilename: str


class _Info(msgspec.Struct):
    """What the hub says of a repository, as far as it is read here."""

    sha: str
    siblings: list[_Sibling]


def look_up(client: httpx.Client, repository: str, revision: str) -> Repository:
    """The commit that `revision` is now, and the files in it. Raises Unavailable."""
    url = f"{constants.ENDPOINT}/api/models/{repository}/revision/{quote(revision, safe='')}"
    try:
        answer = client.get(url, headers=build_hf_headers()).raise_for_status()
        info = msgspec.json.decode(answer.content, type=_Info)
    except (httpx.HTTPError, *WRITTEN) as error:
        raise Unavailable(f"{repository}: {error}") from error
    return Repository(repository, info.sha, tuple(each.rfilename for each in info.siblings))
