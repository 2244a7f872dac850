"""Which program this is, whose work is in it, and where its files lie."""

from __future__ import annotations

import platform
import secrets
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from digital_life.context import Context
from digital_life.web.resource import Call, Resource

DISTRIBUTION = "digital-life"


@dataclass(frozen=True, slots=True)
class About:
    version: str
    run: str
    """Another for each time that it began: so a page knows that it came back."""
    system: str
    files: dict[str, str]
    notice: str
    """Licences of all that it is made of."""


def resources(context: Context, *, settings_file: Path) -> tuple[Resource, ...]:
    about = About(
        version=metadata.version(DISTRIBUTION),
        run=secrets.token_hex(8),
        system=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        files={
            "settings": str(settings_file),
            "home": str(context.home),
            "models": str(context.models),
            "devices": str(context.devices_file),
        },
        notice=_notice(),
    )

    async def show(_call: Call) -> About:
        return about

    return (Resource("GET", "/api/about", show),)


def _notice() -> str:
    """In a checkout it lies at the root, else with the installed program."""
    in_checkout = Path(__file__).parents[3] / "NOTICE"
    if in_checkout.is_file():
        return in_checkout.read_text(encoding="utf-8")
    return metadata.distribution(DISTRIBUTION).read_text("licenses/NOTICE") or ""
