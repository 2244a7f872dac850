"""How a wake word "alexa" that was trained here hears real people: `python -m benches.trained FILE.onnx THRESHOLD`.

Every second person and recording, from the first, was looked at while the recipe was chosen; the others were not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from benches.material import load
from benches.waking import Wakes, believed, folder, in_noise, in_quiet
from digital_life import config
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.values import RATE

NOISE_DB = 10
CACHE = Path.home() / ".cache" / "digital-life"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path)
    parser.add_argument("threshold", type=float)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    models = Path(os.environ.get("DIGITAL_LIFE_MODELS", CACHE / "models"))
    networks = OpenWakeWord(models / "openwakeword-features", {"own": options.head})
    settings = config.Wake(words=(config.WakeWord(model="own", threshold=options.threshold),))
    wakes = Wakes(networks, settings, believed)
    people = folder(options.data / "speech" / "wake_alexa")
    noises = folder(options.data / "speech" / "noise")
    others = [load(path) for path in sorted((CACHE / "bench").glob("*.flac"))]
    for name, half in (("looked at", slice(0, None, 2)), ("not looked at", slice(1, None, 2))):
        quiet = await wakes.missed(map(in_quiet, people[half]), "own")
        under_noise = [in_noise(sound, noise, NOISE_DB) for noise in noises for sound in people[half]]
        noisy = await wakes.missed(under_noise, "own")
        hours = sum(len(sound) for sound in others[half]) / RATE / 3600
        alarms = sum([len(await wakes.heard(sound)) for sound in others[half]])
        print(
            f"{name}: of {len(people[half])} people {quiet:.1f} % missed in quiet, {noisy:.1f} % "
            f"at {NOISE_DB} dB of noise; {alarms} false alarms in {hours:.2f} hours of other speech"
        )


if __name__ == "__main__":
    asyncio.run(main())
