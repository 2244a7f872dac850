"""`scripts/bench voice`: from the end of a question to the first sound of the answer, and everything around it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from soundcard import SoundCard

from benches import chains, material, report, running
from benches.figures import Figure, error_rate, spread
from digital_life import app, config, words
from digital_life.backends.wavfile import WavLoudspeaker
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.values import Utterance

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "digital-life"
DATA = Path(os.environ.get("DIGITAL_LIFE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
BUDGET_MS = {"small": 1300.0, "better": 1900.0}
REPLY_TOKENS = 60
"""The first sound does not depend on how long the answer is; the naive chain's does, so it gets no more than this."""


def main() -> int:
    return report.command("voice", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    context = context_of(profile, Path(tempfile.mkdtemp()))
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loudspeaker = WavLoudspeaker(None, clock=context.clock, realtime=False)
        async with app.open_parts(context, loudspeaker) as parts:
            asked = await material.questions(parts.voice, DATA, folder, 8 if quick else 20)
            figures += await _answers(parts, context, asked, profile)
            figures += await _readings(parts)
        figures += await _process(asked, folder / "home", quick=quick)
    return figures


def context_of(profile: str, home: Path) -> Context:
    """Of a daemon that answers briefly and once."""
    settings = config.load(
        None,
        [f"models.profile={profile}", f"llm.reply_tokens={REPLY_TOKENS}", "conversation.follow_up_s=0"],
    )
    return Context(
        settings=settings,
        home=home,
        models=Path(os.environ["DIGITAL_LIFE_MODELS"]),
        clock=SystemClock(),
        words=words.load("en"),
        debug=False,
    )


async def _answers(parts: app.Parts, context: Context, asked: list[material.Question], profile: str) -> list[Figure]:
    """Both chains in turn on the same recordings, so that a noisy machine is unfair to neither."""
    naive = chains.Naive(app.choose_models(context), context, parts)
    pairs = []
    for n, question in enumerate(asked):
        progress(f"question {n + 1} of {len(asked)}")
        for language in context.settings.conversation.languages:
            # As the daemon does in its first quiet seconds; the naive chain has since put others in their place.
            await parts.answering.prepare_in(language)
        pairs.append((question, await chains.ours(parts, question), await naive.answer(question)))
    answered = [(question, mine, other) for question, mine, other in pairs if mine]
    figures = [
        Figure("questions without an answer", len(pairs) - len(answered), "", note=f"of {len(pairs)}", budget=0),
        spread("end of speech to first audio", [m.first_audio_s * 1000 for _, m, _ in answered], "ms",
               budget=BUDGET_MS[profile]),
    ]  # fmt: skip
    for language, name in (("en", "English"), ("zh", "Chinese")):
        times = [mine.first_audio_s * 1000 for question, mine, _ in answered if question.language == language]
        if times:
            figures.append(spread(f"  {name}", times, "ms"))
    figures += _stages([mine for _, mine, _ in answered])
    figures += [
        spread("naive chain", [other.first_audio_s * 1000 for _, _, other in pairs], "ms"),
        spread("ours / naive", [m.first_audio_s / o.first_audio_s for _, m, o in answered], "", budget=0.45),
    ]
    for language, name in (("en", "word errors, English questions"), ("zh", "character errors, Chinese questions")):
        errors = [100 * error_rate(q.text, m.heard) for q, m, _ in answered if q.language == language]
        if errors:
            figures.append(Figure(name, sum(errors) / len(errors), "%", note=f"mean of {len(errors)}"))
    return figures


def _stages(answered: Sequence[chains.Answered]) -> list[Figure]:
    """Where the time of each answer went; what is left of it is the voice's, mostly."""
    timings = [each.turn.timings for each in answered if each.turn]
    stages = {
        "endpoint": [each.endpoint or 0.0 for each in timings],
        "stt": [each.stt or 0.0 for each in timings],
        "first_token": [each.first_token or 0.0 for each in timings],
    }
    known = [sum(each) for each in zip(*stages.values(), strict=True)]
    rest = [1000 * each.first_audio_s - ms for each, ms in zip(answered, known, strict=True)]
    return [spread(f"  stage {name}", each, "ms") for name, each in {**stages, "rest": rest}.items()]


async def _readings(parts: app.Parts) -> list[Figure]:
    """People who read sentences, in quiet."""
    figures = []
    for truth, path in chains.sentences(DATA).items():
        pcm = (material.load(path) * 32767).astype("int16").tobytes()
        heard = await parts.stt.transcribe(Utterance(pcm, 0, 0, 0, 0.0))
        text = heard.text if heard else ""
        figures.append(Figure(f"errors, {path.name}", 100 * error_rate(truth, text), "%", budget=10, note=text[:40]))
    return figures


async def _process(asked: list[material.Question], home: Path, *, quick: bool) -> list[Figure]:
    progress("the daemon as a process")
    with SoundCard() as card:
        ready = [await running.ready_s(card, home) for _ in range(1 if quick else 3)]
        both = [next(each for each in asked if each.language == language) for language in ("en", "zh")]
        found = await running.shares(card, home, both, 10 if quick else 30)
    return [
        spread("start to ready", ready, "s", budget=12),
        Figure("share of one core, idle", found["share idle"], "%", budget=5),
        Figure("share of one core, talking English", found["share en"], "%"),
        Figure("share of one core, talking Chinese", found["share zh"], "%"),
        Figure("resident memory, idle", found["memory idle"], "MB", budget=1400),
        Figure("resident memory, after both languages", found["memory talking"], "MB", budget=1400),
        Figure("  proportional", found["memory talking, proportional"], "MB"),
    ]


def progress(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
