"""Voices and recognisers over HTTP: what they are sent is of their form, and what goes wrong is an error that helps."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from digital_life import config
from digital_life.backends.f5 import F5
from digital_life.backends.fish import Fish
from digital_life.backends.openai_speech import OpenAiSpeech
from digital_life.backends.openai_transcription import OpenAiTranscription
from digital_life.errors import ConfigError, ModelError
from digital_life.values import Speech, Utterance
from fakes.audio_server import (
    Answer,
    AudioServer,
    audio_server,
    breaks_off_after,
    endless,
    gives,
    never,
    tone,
)
from fakes.mosquitto import free_port

SOUND = Utterance(bytes(32_000), 0, 16_000, 16_000, 0.0)


@pytest.fixture
async def server() -> AsyncGenerator[AudioServer]:
    async with audio_server() as it:
        yield it


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    file = tmp_path / "voice.wav"
    file.write_bytes(tone(seconds=3))
    return file


def openai(address: str, **more: object) -> AbstractAsyncContextManager[OpenAiSpeech]:
    settings = config.from_table({"tts": {"openai": {"address": f"{address}/v1", **more}}}, where="test")
    return OpenAiSpeech(settings.tts.openai, speed=1.0)


def recogniser(address: str, *languages: str, **more: object) -> AbstractAsyncContextManager[OpenAiTranscription]:
    table = {"openai": {"address": f"{address}/v1", **more}}
    settings = config.from_table({"speech_to_text": table}, where="test")
    spoken = config.from_table({"conversation": {"languages": languages or ("en", "zh")}}, where="test")
    return OpenAiTranscription(settings.speech_to_text, spoken.conversation.languages)


async def spoken(answers: Answer, **more: object) -> Speech:
    async with audio_server(answers) as server, openai(server.address, **more) as voice:
        return await voice.synthesize("Hello.", "en")


async def error_of(answers: Answer, **more: object) -> ModelError:
    with pytest.raises(ModelError) as found:
        await spoken(answers, **more)
    assert found.value.sentence("zh")
    return found.value


async def test_an_openai_server_is_asked_for_a_wav_file(server: AudioServer) -> None:
    async with openai(server.address, voice="nova", model="kokoro") as voice:
        speech = await voice.synthesize("Hello.", "en")
    (sent,) = server.sent
    assert sent.path == "/v1/audio/speech"
    assert sent.json == {"model": "kokoro", "voice": "nova", "input": "Hello.", "response_format": "wav"}
    assert (speech.rate, round(speech.seconds, 1)) == (24_000, 0.5)


async def test_the_pace_of_the_settings_is_told_where_it_is_not_the_ordinary_one(server: AudioServer) -> None:
    settings = config.OpenAiVoice(address=server.address)
    async with OpenAiSpeech(settings, speed=1.5) as voice:
        await voice.synthesize("Hello.", "en")
    assert server.sent[0].json
    assert server.sent[0].json["speed"] == 1.5


async def test_f5_is_sent_the_form_that_digitallife_sends(server: AudioServer, reference: Path) -> None:
    settings = config.F5Voice(url=f"{server.address}/api", reference=str(reference), reference_text="As it was.")
    async with F5(settings) as voice:
        await voice.greet()
        await voice.synthesize("你好。", "zh")
    (sent,) = server.sent
    assert sent.path == "/api"
    assert sent.form == {
        "ref_text": "As it was.",
        "gen_text": "你好。",
        "model": "f5-tts",
        "audio": reference.read_bytes(),
    }


async def test_fish_is_sent_the_json_that_digitallife_sends(server: AudioServer, reference: Path) -> None:
    settings = config.FishVoice(url=f"{server.address}/", reference=str(reference), reference_text="As it was.")
    async with Fish(settings) as voice:
        await voice.greet()
        await voice.synthesize("Hello.", "en")
    (sent,) = server.sent
    assert sent.path == "/v1/tts"
    assert sent.json
    assert sent.json["text"] == "Hello."
    whole = base64.b64encode(reference.read_bytes()).decode()
    assert sent.json["references"] == [{"audio": whole, "text": "As it was."}]
    assert server.greeted == ["/v1/health"]


async def test_fish_speaks_with_its_own_voice_where_none_is_given(server: AudioServer) -> None:
    async with Fish(config.FishVoice(url=server.address)) as voice:
        await voice.synthesize("Hello.", "en")
    assert server.sent[0].json
    assert server.sent[0].json["references"] == []


@pytest.mark.parametrize("content", [None, b"", b"no sound", tone(seconds=40)])
async def test_a_recording_that_cannot_be_used_is_told_by_its_setting(
    server: AudioServer, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "voice.wav"
    if content is not None:
        file.write_bytes(content)
    async with F5(config.F5Voice(url=server.address, reference=str(file), reference_text="A.")) as voice:
        with pytest.raises(ModelError, match=r"tts\.f5\.reference"):
            await voice.synthesize("Hello.", "en")
    assert not server.sent


@pytest.mark.parametrize(
    ("channels", "rate", "subtype"),
    [(1, 8_000, "PCM_U8"), (2, 44_100, "PCM_16"), (1, 48_000, "FLOAT"), (6, 96_000, "PCM_24")],
)
async def test_sound_of_any_form_is_played_as_mono(channels: int, rate: int, subtype: str) -> None:
    speech = await spoken(gives(tone(channels=channels, rate=rate, subtype=subtype)))
    assert (speech.rate, round(speech.seconds, 1)) == (rate, 0.5)


async def test_sound_whose_header_was_written_before_its_end_was_known_is_played() -> None:
    streamed = bytearray(tone())
    at = streamed.index(b"data") + 4
    streamed[at : at + 4] = b"\xff\xff\xff\xff"
    assert round((await spoken(gives(bytes(streamed)))).seconds, 1) == 0.5


@pytest.mark.parametrize(
    ("status", "key", "advice"),
    [
        (401, "elsewhere-key-missing", "tts.openai.key_file"),
        (404, "elsewhere-not-there", "[tts.openai]"),
        (422, "elsewhere-rejected", "[tts.openai]"),
        (429, "elsewhere-busy", "account"),
        (500, "elsewhere-failed", "log"),
        (503, "elsewhere-loading", "wait"),
        (302, "elsewhere-foreign", "[tts.openai]"),
    ],
)
async def test_a_refusal_is_told_with_what_to_do_and_nothing_of_what_was_said(
    status: int, key: str, advice: str
) -> None:
    body = json.dumps({"error": {"message": "Hello. is not allowed", "code": "bad_text"}}).encode()
    error = await error_of(gives(body, status=status, kind="application/json"))
    assert error.key == key
    assert advice in str(error)
    assert "Hello" not in str(error)


async def test_a_key_is_sent_and_one_that_is_refused_is_told_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("secret\n")
    async with audio_server(gives(b"", status=403)) as server, openai(server.address, key_file=str(file)) as voice:
        with pytest.raises(ModelError) as found:
            await voice.synthesize("Hello.", "en")
    assert server.sent[0].key == "Bearer secret"
    assert str(file) in str(found.value)
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        (gives(b""), "elsewhere-no-sound"),
        (gives(b"<html>"), "elsewhere-no-sound"),
        (gives(tone(seconds=0)), "elsewhere-no-sound"),
        (gives(tone()[:9_000]), "elsewhere-no-sound"),
        (gives(tone(seconds=301, rate=8_000)), "elsewhere-no-sound"),
        (breaks_off_after(tone()[:9_000], promised=24_044), "elsewhere-broke-off"),
        (endless(), "elsewhere-large"),
    ],
)
async def test_an_answer_that_is_no_sentence_is_an_error(answers: Answer, key: str) -> None:
    assert (await error_of(answers)).key == key


async def test_one_that_is_too_slow_is_given_up() -> None:
    assert (await error_of(never(), timeout_s=0.1)).key == "elsewhere-silent"


async def test_one_that_is_gone_is_unreachable() -> None:
    async with openai(f"http://127.0.0.1:{free_port()}") as voice:
        for attempt in (lambda: voice.synthesize("Hello.", "en"), voice.greet):
            with pytest.raises(ModelError) as found:
                await attempt()
            assert found.value.key == "elsewhere-unreachable"


@pytest.mark.parametrize(("status", "there"), [(200, True), (404, True), (405, True), (401, False), (500, False)])
async def test_whatever_lets_us_in_is_there(server: AudioServer, status: int, *, there: bool) -> None:
    server.greets = status
    async with openai(server.address) as voice:
        if there:
            await voice.greet()
        else:
            with pytest.raises(ModelError):
                await voice.greet()
    assert server.greeted == ["/v1/models"]


def test_an_address_that_is_none_is_told_by_its_setting() -> None:
    with pytest.raises(ConfigError, match=r"tts\.openai\.address = http://there:99999"):
        OpenAiSpeech(config.OpenAiVoice(address="http://there:99999"), speed=1.0)


def written(**more: object) -> Answer:
    return gives(json.dumps({"text": " Hello there. ", **more}).encode(), kind="application/json")


def segment(logprob: float, no_speech: float, text: str = "Hello there.") -> dict[str, object]:
    return {"text": text, "avg_logprob": logprob, "no_speech_prob": no_speech}


async def test_a_recogniser_is_sent_a_wav_file_and_the_hint(server: AudioServer) -> None:
    server.answers = written(language="english", segments=[segment(-0.1, 0.01)])
    async with recogniser(server.address, model="large-v3") as stt:
        heard = await stt.transcribe(SOUND, hint="Hey Jarvis")
    (sent,) = server.sent
    assert sent.path == "/v1/audio/transcriptions"
    assert isinstance(sent.form["file"], bytes)
    assert sent.form["file"][:4] == b"RIFF"
    assert len(sent.form["file"]) == 44 + len(SOUND.pcm)
    assert (sent.form["model"], sent.form["prompt"]) == ("large-v3", "Hey Jarvis")
    assert "language" not in sent.form
    assert heard
    assert (heard.text, heard.language, round(heard.confidence, 2)) == ("Hello there.", "en", 0.9)


async def test_one_language_is_told(server: AudioServer) -> None:
    server.answers = written()
    async with recogniser(server.address, "zh") as stt:
        await stt.transcribe(SOUND)
    assert server.sent[0].form["language"] == "zh"


@pytest.mark.parametrize("segments", [[segment(-1.5, 0.1)], [segment(-1.1, 0.9)]])
async def test_what_it_took_for_words_in_a_silence_is_not_believed(
    server: AudioServer, segments: list[dict[str, object]]
) -> None:
    server.answers = written(segments=segments)
    async with recogniser(server.address) as stt:
        assert await stt.transcribe(SOUND) is None


async def test_only_what_is_believed_is_heard(server: AudioServer) -> None:
    server.answers = written(segments=[segment(-0.1, 0.01, " Hello."), segment(-1.6, 0.9, " Thank you.")])
    async with recogniser(server.address) as stt:
        heard = await stt.transcribe(SOUND)
    assert heard
    assert heard.text == "Hello."


async def test_a_server_that_knows_only_plain_answers_is_asked_for_one(server: AudioServer) -> None:
    plain = written()

    async def picky(request: object) -> object:
        refused = server.sent[-1].form["response_format"] != "json"
        answer = gives(b"{}", status=400) if refused else plain
        return await answer(request)  # type: ignore[arg-type] # as it came

    server.answers = picky  # type: ignore[assignment] # the same, untyped
    async with recogniser(server.address) as stt:
        for _ in range(2):
            assert await stt.transcribe(SOUND)
    assert [each.form["response_format"] for each in server.sent] == ["verbose_json", "json", "json"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"words": 1}', b'{"text": 7}'])
async def test_what_is_no_transcript_is_an_error(server: AudioServer, body: bytes) -> None:
    server.answers = gives(body, kind="application/json")
    async with recogniser(server.address) as stt:
        with pytest.raises(ModelError) as found:
            await stt.transcribe(SOUND)
    assert found.value.key == "elsewhere-foreign"


@pytest.mark.parametrize(
    ("table", "advice"),
    [
        ({"tts": {"server": "openai"}}, "tts.openai.address"),
        ({"tts": {"server": "f5"}}, "tts.f5 needs both reference"),
        ({"tts": {"server": "fish", "fish": {"reference": "a.wav"}}}, "tts.fish needs both reference"),
        ({"speech_to_text": {"server": "openai"}}, "speech_to_text.openai.address"),
    ],
)
def test_a_server_of_which_too_little_is_said_is_told_at_the_start(table: dict[str, object], advice: str) -> None:
    with pytest.raises(ConfigError) as found:
        config.from_table(table, where="test")
    assert advice in str(found.value)
    assert found.value.sentence("zh")
