"""A voice and a recogniser at Wyoming servers: what they are told, and what of their answers can be used."""

from __future__ import annotations

import math
import struct

import pytest
from wyoming.asr import Transcript as Written
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

from digital_life import config
from digital_life.backends.wyoming_asr import WyomingAsr
from digital_life.backends.wyoming_tts import WyomingTts
from digital_life.errors import ModelError
from digital_life.values import Language, Speech, Transcript, Utterance
from fakes.mosquitto import free_port
from fakes.offered import Offered, served
from fakes.wyoming_server import Answers, ClosedError, Said, Speaking, closing, saying, wyoming_server

SOUND = Utterance(bytes(100_000), 0, 50_000, 50_000, 0.0)
BY = Attribution("", "")


def voice(name: str, *languages: str) -> TtsVoice:
    return TtsVoice(name, BY, True, None, None, list(languages))


def info(*voices: TtsVoice) -> Info:
    return Info(tts=[TtsProgram("piper", BY, True, None, None, list(voices))])


def speaks(*said: Said, voices: tuple[TtsVoice, ...] = (voice("joe", "en_US"), voice("yun", "zh_CN"))) -> Answers:
    """Tells of its voices, and says `said` when it is to speak."""

    async def answer(event: Event, speaking: Speaking) -> None:
        await speaking.say(*([info(*voices)] if event.type == "describe" else said))
        if event.type != "describe":
            raise ClosedError

    return answer


def _sample(value: float, width: int) -> bytes:
    """One byte is unsigned, more of them are signed and little-endian."""
    return bytes([int(128 + value * 127)]) if width == 1 else struct.pack("<i", int(value * (2**31 - 1)))[4 - width :]


def wave(*, rate: int = 22_050, width: int = 2, channels: int = 1, seconds: float = 0.5) -> list[Said]:
    samples = [0.5 * math.sin(2 * math.pi * 440 * at / rate) for at in range(int(rate * seconds))]
    whole = b"".join(_sample(each, width) * channels for each in samples)
    step = 4096 * width * channels
    chunks = [AudioChunk(rate, width, channels, whole[at : at + step]) for at in range(0, len(whole), step)]
    return [AudioStart(rate, width, channels), *chunks, AudioStop()]


async def said_by(answers: Answers, language: Language = "en", **settings: object) -> tuple[Speech, list[Event]]:
    async with wyoming_server(answers) as server:
        settings = {"timeout_s": 5.0, **settings}
        speech = await WyomingTts(config.WyomingVoice(port=server.port, **settings)).synthesize("Hello.", language)  # type: ignore[arg-type] # of the test
        return speech, server.told


async def error_of(answers: Answers, language: Language = "en", **settings: object) -> ModelError:
    with pytest.raises(ModelError) as found:
        await said_by(answers, language, **settings)
    assert found.value.sentence("zh")
    return found.value


async def test_a_voice_is_asked_for_by_its_name() -> None:
    speech, told = await said_by(speaks(*wave()), voice="joe")
    assert told[-1].data["text"] == "Hello."
    assert told[-1].data["voice"]["name"] == "joe"
    assert (speech.rate, round(speech.seconds, 1)) == (22_050, 0.5)


async def test_without_a_name_the_server_chooses_for_the_language() -> None:
    _, told = await said_by(speaks(*wave()), "zh")
    assert told[-1].data["voice"] == {"language": "zh"}


async def test_a_language_that_the_voice_lacks_is_another_error_than_a_loss() -> None:
    assert (await error_of(speaks(*wave()), "zh", voice="joe")).key == "wyoming-no-voice"
    assert (await error_of(speaks(*wave(), voices=(voice("joe", "en"),)), "zh")).key == "wyoming-no-voice"


async def test_a_voice_that_is_not_listed_is_the_servers_affair() -> None:
    _, told = await said_by(speaks(*wave()), "zh", voice="my-own")
    assert told[-1].data["voice"]["name"] == "my-own"


@pytest.mark.parametrize(("rate", "width", "channels"), [(8_000, 1, 1), (16_000, 2, 2), (44_100, 3, 1), (48_000, 4, 2)])
async def test_sound_of_any_form_is_played_as_mono_at_its_own_rate(rate: int, width: int, channels: int) -> None:
    speech, _ = await said_by(speaks(*wave(rate=rate, width=width, channels=channels)))
    assert (speech.rate, round(speech.seconds, 1)) == (rate, 0.5)


async def test_our_own_server_speaks_to_us() -> None:
    async with served(Offered()) as it:
        speech = await WyomingTts(config.WyomingVoice(port=it.port)).synthesize("Hello.", "en")
    assert speech.rate == 22_050


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ([AudioStart(22_050, 2, 1), AudioStop()], "wyoming-no-sound"),
        ([AudioStop()], "wyoming-no-sound"),
        ([AudioStart(22_050, 2, 1), AudioChunk(16_000, 2, 1, bytes(100)), AudioStop()], "wyoming-no-sound"),
        ([AudioStart(22_050, 9, 1)], "wyoming-event"),
        (wave()[:-3], "wyoming-lost"),
        ([b'{"type": "audio-chunk", "payload_length": 90}\nabc'], "wyoming-lost"),
        ([b"HTTP/1.1 400\r\n\r\n"], "wyoming-foreign"),
        ([], "wyoming-lost"),
    ],
)
async def test_an_answer_that_is_no_sentence_is_an_error(said: list[Said], key: str) -> None:
    assert (await error_of(speaks(*said))).key == key


async def test_sound_without_an_end_is_not_waited_for() -> None:
    second = AudioChunk(8_000, 2, 1, b"\x00\x40" * 400_000)
    assert (await error_of(speaks(*[second] * 8))).key == "wyoming-no-sound"


async def test_one_that_never_speaks_is_given_up() -> None:
    assert (await error_of(saying(info(voice("joe", "en"))), timeout_s=0.3)).key == "wyoming-silent"


async def test_a_server_of_another_kind_is_told() -> None:
    async with wyoming_server(saying(Info())) as server:
        for part in (
            WyomingTts(config.WyomingVoice(port=server.port)),
            WyomingAsr(config.WyomingTranscription(port=server.port), ("en",)),
        ):
            with pytest.raises(ModelError, match=r"does not speak|writes down no speech"):
                await part.greet()


async def heard_by(answers: Answers, *languages: Language) -> tuple[Transcript | None, list[Event]]:
    async with wyoming_server(answers) as server:
        asr = WyomingAsr(config.WyomingTranscription(port=server.port, timeout_s=5.0), languages or ("en", "zh"))
        return await asr.transcribe(SOUND, hint="Hey Jarvis"), server.told


def writes(*said: Said) -> Answers:
    async def answer(event: Event, speaking: Speaking) -> None:
        if event.type == "audio-stop":
            await speaking.say(*said)

    return answer


async def test_an_utterance_is_sent_whole() -> None:
    heard, told = await heard_by(writes(Written("Hello.", language="en")))
    assert [each.type for each in told] == ["transcribe", "audio-start", *["audio-chunk"] * 4, "audio-stop"]
    assert b"".join(each.payload or b"" for each in told) == SOUND.pcm
    assert heard == Transcript("Hello.", "en", 0.9)


@pytest.mark.parametrize(
    ("written", "language", "text"),
    [
        (Written("Hello."), "en", "Hello."),
        (Written("今天天氣 怎麼樣"), "zh", "今天天气怎么样"),
        (Written("Hello.", language="de"), "en", "Hello."),
        (Written("好", language="zh-TW"), "zh", "好"),
    ],
)
async def test_the_language_is_the_one_that_is_named_or_written(written: Written, language: str, text: str) -> None:
    heard, _ = await heard_by(writes(written))
    assert heard
    assert (heard.language, heard.text) == (language, text)


@pytest.mark.parametrize("text", ["", " ", "…", " . "])
async def test_no_words_are_none(text: str) -> None:
    assert (await heard_by(writes(Written(text))))[0] is None


async def test_one_language_is_told() -> None:
    _, told = await heard_by(writes(Written("好")), "zh")
    assert told[0].data["language"] == "zh"


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        (closing(), "wyoming-lost"),
        (writes(Event("transcript", {"text": 7})), "wyoming-event"),
        (writes(Event("error", {"text": "Hello.", "code": "broken"})), "wyoming-refused"),
    ],
)
async def test_a_recogniser_that_fails_says_so(answers: Answers, key: str) -> None:
    with pytest.raises(ModelError) as found:
        await heard_by(answers)
    assert found.value.key == key
    assert "Hello" not in str(found.value)


async def test_our_own_server_writes_down_for_us() -> None:
    async with served(Offered()) as it:
        heard = await WyomingAsr(config.WyomingTranscription(port=it.port), ("en",)).transcribe(SOUND)
    assert heard
    assert heard.text == "3.12 seconds"


async def test_who_is_not_there_is_unreachable() -> None:
    with pytest.raises(ModelError, match="cannot be reached"):
        await WyomingTts(config.WyomingVoice(port=free_port())).synthesize("Hello.", "en")
