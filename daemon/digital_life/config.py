"""The settings: every key, its default and its bounds; a strict loader."""

from __future__ import annotations

import copy
import difflib
import ipaddress
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from digital_life.errors import ConfigError
from digital_life.malformed import WRITTEN
from digital_life.values import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "digital-life.toml"
"""In the home folder; read when it is there and --config names no other."""
Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(gt=0)]
Milliseconds = Annotated[int, Meta(ge=0)]
HOURS = r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
CONTACT = r"^$|^https?://.+|^mailto:.+@.+"
Count = Annotated[int, Meta(ge=1)]
Port = Annotated[int, Meta(ge=1, le=65535)]
TARGET = r"^$|^s3://[a-z0-9][a-z0-9.-]+(/[^\s?#]*)?$|^[/~].*"
FOLDER = r"^$|^[^./\\\s][^/\\]*$"
ADDRESS = r"^https?://[^\s@?#]+$"
"""Without a name or key in it: those stand in a file."""
Address = Annotated[str, Meta(pattern=ADDRESS)]
NAME_LENGTH = 40
"""Letters of a room's name: it is said aloud."""
LAST_PORT = 65535


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; an unknown key is an error."""


class Persona(Section, frozen=True):
    name: Annotated[str, Meta(min_length=1)] = "Jarvis"
    character: str = ""
    user: str = ""
    language: Language = "en"


class Companion(Persona, frozen=True):
    """One of several."""

    name: Annotated[str, Meta(min_length=1)]
    voices: dict[Language, str] = {}
    life: Annotated[str, Meta(pattern=FOLDER)] = ""


class Conversation(Section, frozen=True):
    languages: Annotated[tuple[Language, ...], Meta(min_length=1)] = ("en", "zh")
    answer_wait_s: Seconds = 6.0
    follow_up_s: Annotated[float, Meta(ge=0)] = 8.0
    open_silence_s: Seconds = 60.0
    quiet_hours: Annotated[str, Meta(pattern=HOURS)] = ""
    quiet_volume: Share = 0.4
    introduction: bool = True


class Audio(Section, frozen=True):
    input: str | int = ""
    output: str | int = ""
    earcon: bool = True
    echo_cancellation: bool | Literal["system"] = True
    echo_delay_ms: int = 0


class WakeWord(Section, frozen=True):
    model: Annotated[str, Meta(min_length=1)]
    threshold: Share = 0.6
    frames: Count = 1
    sure: Share = 0.9998
    phrase: str = ""


class WyomingServer(Section, frozen=True, kw_only=True):
    """Another machine's, found by host and port."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Port
    timeout_s: Seconds = 10.0


class WyomingWake(WyomingServer, frozen=True):
    port: Port = 10400
    timeout_s: Seconds = 2.0


class Wake(Section, frozen=True):
    words: Annotated[tuple[WakeWord, ...], Meta(min_length=1)] = (
        WakeWord(model="hey_jarvis"),
        WakeWord(model="alexa", threshold=0.5),
        WakeWord(model="hey_mycroft"),
    )
    own_voice_threshold: Share = 0.8
    own_voice_frames: Count = 2
    keep_sound: bool = False
    server: Literal["", "wyoming"] = ""
    wyoming: WyomingWake = WyomingWake()


class Hearing(Section, frozen=True):
    voice_threshold: Share = 0.5
    pause_ms: Milliseconds = 130
    finished_silence_ms: Milliseconds = 400
    end_silence_ms: Milliseconds = 700
    unfinished_silence_ms: Milliseconds = 1400
    pre_roll_ms: Milliseconds = 400
    longest_s: Seconds = 30.0


class Models(Section, frozen=True):
    profile: Literal["auto", "small", "better"] = "auto"
    language_model: str = ""
    speech_to_text: str = ""
    voices: dict[Language, str] = {}


class Lora(Section, frozen=True):
    path: Annotated[str, Meta(min_length=1)]
    scale: float = 1.0
    name: str = ""


class Server(Section, frozen=True):
    address: Annotated[str, Meta(pattern=rf"^$|{ADDRESS}")] = ""
    key_file: str = ""
    model: str = ""
    connect_s: Seconds = 3.0
    first_token_s: Seconds = 10.0
    stall_s: Seconds = 5.0
    local: bool = True

    @property
    def alone(self) -> bool:
        """Whether no model of this machine stands behind it."""
        return bool(self.address) and not self.local


class Llm(Section, frozen=True):
    context: Annotated[int, Meta(ge=512)] = 3000
    reply_tokens: Count = 220
    temperature: Annotated[float, Meta(ge=0, le=2)] = 0.6
    top_p: Share = 0.9
    repeat_penalty: Annotated[float, Meta(ge=1, le=2)] = 1.1
    gpu_layers: Annotated[int, Meta(ge=-1)] = 0
    threads: Annotated[int, Meta(ge=0)] = 0
    flash_attention: bool = False
    cache: Literal["f16", "q8_0", "q4_0"] = "f16"
    draft: Annotated[int, Meta(ge=0, le=16)] = 0
    lora: tuple[Lora, ...] = ()
    first_token_s: Seconds = 60.0
    stall_s: Seconds = 30.0
    server: Server = Server()


class OpenAiTranscription(Section, frozen=True):
    address: Annotated[str, Meta(pattern=rf"^$|{ADDRESS}")] = ""
    key_file: str = ""
    model: str = "whisper-1"
    timeout_s: Seconds = 10.0


class WyomingTranscription(WyomingServer, frozen=True):
    port: Port = 10300


class SpeechToText(Section, frozen=True):
    beam: Count = 1
    no_speech_threshold: Share = 0.6
    log_probability_threshold: Annotated[float, Meta(le=0)] = -1.0
    threads: Annotated[int, Meta(ge=0)] = 0
    server: Literal["", "openai", "wyoming"] = ""
    openai: OpenAiTranscription = OpenAiTranscription()
    wyoming: WyomingTranscription = WyomingTranscription()


class Speech(Section, frozen=True):
    speed: Annotated[float, Meta(ge=0.5, le=2)] = 1.0
    threads: Annotated[int, Meta(ge=0)] = 0


class OpenAiVoice(Section, frozen=True):
    address: Annotated[str, Meta(pattern=rf"^$|{ADDRESS}")] = ""
    key_file: str = ""
    model: str = "tts-1"
    voice: str = "alloy"
    timeout_s: Seconds = 10.0


class F5Voice(Section, frozen=True):
    url: Address = "http://127.0.0.1:5010/api"
    reference: str = ""
    reference_text: str = ""
    timeout_s: Seconds = 30.0


class FishVoice(Section, frozen=True):
    url: Address = "http://127.0.0.1:8080"
    key_file: str = ""
    reference: str = ""
    reference_text: str = ""
    timeout_s: Seconds = 30.0


class WyomingVoice(WyomingServer, frozen=True):
    port: Port = 10200
    voice: str = ""


class Tts(Section, frozen=True):
    """Voices on another machine."""

    server: Literal["", "openai", "f5", "fish", "wyoming"] = ""
    openai: OpenAiVoice = OpenAiVoice()
    f5: F5Voice = F5Voice()
    fish: FishVoice = FishVoice()
    wyoming: WyomingVoice = WyomingVoice()


class Memory(Section, frozen=True):
    rest_hours: Annotated[float, Meta(gt=0)] = 6.0
    spread_hours: Annotated[float, Meta(ge=0, le=24)] = 0.0
    policy: Literal["digital-life", "memorybank", "recursive", "cued", "gist", "paged"] = "digital-life"
    recall: Literal["tools", "always", "both"] = "both"
    gist_limit: Count = 8
    cued_unit_hours: Annotated[float, Meta(gt=0)] = 8760.0
    copies: Annotated[int, Meta(ge=0)] = 7
    key_file: str = ""


class Backup(Section, frozen=True):
    target: Annotated[str, Meta(pattern=TARGET)] = ""
    keep_days: Count = 7
    keep_weeks: Annotated[int, Meta(ge=0)] = 4
    passphrase_file: str = ""
    s3_endpoint: Annotated[str, Meta(pattern=rf"^$|{ADDRESS}")] = ""
    s3_region: Annotated[str, Meta(min_length=1)] = "us-east-1"
    s3_credentials_file: str = ""


class Metrics(Section, frozen=True):
    enabled: bool = False
    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 9710


class WeatherTool(Section, frozen=True):
    enabled: bool = False
    place: str = ""
    units: Literal["metric", "imperial"] = "metric"
    address: Address = "https://api.open-meteo.com"
    places_address: Address = "https://geocoding-api.open-meteo.com"
    timeout_s: Seconds = 6.0


class SearchTool(Section, frozen=True):
    enabled: bool = False
    address: Annotated[str, Meta(pattern=rf"^$|{ADDRESS}")] = ""
    timeout_s: Seconds = 6.0


class ReadTool(Section, frozen=True):
    folders: tuple[str, ...] = ()


class McpServer(Section, frozen=True):
    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    address: Annotated[str, Meta(pattern=rf"^$|{ADDRESS}")] = ""
    tools: tuple[str, ...] = ()
    timeout_s: Seconds = 20.0

    def __post_init__(self) -> None:
        if bool(self.command) == bool(self.address):
            raise ValueError(f"{self.name} needs either a command or an address")


class Tools(Section, frozen=True):
    plugins: tuple[str, ...] = ()
    mcp: tuple[McpServer, ...] = ()
    weather: WeatherTool = WeatherTool()
    search: SearchTool = SearchTool()
    read: ReadTool = ReadTool()


class Agenda(Section, frozen=True):
    again_after_s: Seconds = 60.0
    again_most: Count = 5
    snooze_minutes: Annotated[float, Meta(gt=0)] = 10.0


class Proactive(Section, frozen=True):
    enabled: bool = False
    a_day: Count = 1
    absence_hours: Annotated[float, Meta(gt=0)] = 8.0


class People(Section, frozen=True):
    enabled: bool = False
    threshold: Share = 0.5
    guests: bool = False


class Mail(Section, frozen=True):
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    user: str = ""
    password_file: str = ""
    sender: str = ""


class Care(Section, frozen=True):
    enabled: bool = True
    region: Literal["", "AU", "CA", "CN", "DE", "HK", "IE", "NZ", "SG", "TW", "UK", "US"] = ""
    contact: Annotated[str, Meta(pattern=CONTACT)] = ""
    contact_name: str = ""
    contact_from_level: Annotated[int, Meta(ge=1, le=3)] = 3
    mail: Mail = Mail()


class Mqtt(Section, frozen=True):
    enabled: bool = False
    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 1883
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]*$")] = ""
    client_id: str = ""
    user: str = ""
    password_file: str = ""
    tls: bool = False
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    home_assistant: bool = True
    discovery_prefix: Annotated[str, Meta(pattern=r"^[^+#\s/][^+#\s]*$")] = "homeassistant"
    heard: bool = False
    said: bool = False
    diary_text: bool = False


class Devices(Section, frozen=True):
    enabled: bool = True
    allow: tuple[str, ...] = (
        "binary_sensor",
        "button",
        "climate",
        "cover",
        "fan",
        "humidifier",
        "light",
        "lock",
        "media_player",
        "number",
        "scene",
        "select",
        "sensor",
        "siren",
        "switch",
        "vacuum",
        "valve",
        "water_heater",
    )
    confirm: tuple[str, ...] = (
        "alarm_control_panel",
        "climate",
        "lock",
        "valve",
        "water_heater",
        "door",
        "garage",
        "gate",
    )
    confirmed_within_s: Seconds = 3.0
    moved_within_s: Seconds = 20.0
    cooldown_s: Annotated[float, Meta(ge=0)] = 0.5
    rooms: dict[str, str] = {}


class Web(Section, frozen=True):
    enabled: bool = True
    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8710
    names: tuple[str, ...] = ()
    password_file: str = ""
    certificate_file: str = ""
    key_file: str = ""


class Wyoming(Section, frozen=True):
    enabled: bool = False
    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 10750
    allow: tuple[str, ...] = ()

    @property
    def local(self) -> bool:
        """Whether it listens to this machine alone."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class RoomDevice(Section, frozen=True):
    """A microphone and a loudspeaker elsewhere."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH)]
    kind: Literal["wyoming", "esphome"]
    host: Annotated[str, Meta(min_length=1)]
    port: Annotated[int, Meta(ge=0, le=LAST_PORT)] = 0
    key_file: str = ""
    sound_port: Annotated[int, Meta(ge=0, le=65535)] = 0


class Rooms(Section, frozen=True):
    here: str = ""
    devices: tuple[RoomDevice, ...] = ()


class Display(Section, frozen=True):
    mqtt: bool = False
    brokers: tuple[
        Annotated[str, Meta(pattern=r"^wss?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$")], ...
    ] = ()
    subtitles: bool = True


class Logging(Section, frozen=True):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(Section, frozen=True):
    """The whole file."""

    persona: Persona = Persona()
    personas: tuple[Companion, ...] = ()
    conversation: Conversation = Conversation()
    audio: Audio = Audio()
    wake: Wake = Wake()
    hearing: Hearing = Hearing()
    models: Models = Models()
    llm: Llm = Llm()
    speech_to_text: SpeechToText = SpeechToText()
    speech: Speech = Speech()
    tts: Tts = Tts()
    memory: Memory = Memory()
    backup: Backup = Backup()
    tools: Tools = Tools()
    agenda: Agenda = Agenda()
    proactive: Proactive = Proactive()
    people: People = People()
    care: Care = Care()
    mqtt: Mqtt = Mqtt()
    devices: Devices = Devices()
    web: Web = Web()
    wyoming: Wyoming = Wyoming()
    rooms: Rooms = Rooms()
    display: Display = Display()
    metrics: Metrics = Metrics()
    logging: Logging = Logging()

    @property
    def cast(self) -> tuple[Companion, ...]:
        """All personas, the one it starts with first."""
        return (Companion(**msgspec.structs.asdict(self.persona)), *self.personas)

    def models_of(self, persona: Companion) -> Models:
        """With its own voices where it has some."""
        return msgspec.structs.replace(self.models, voices={**self.models.voices, **persona.voices})


def load(
    path: Path | None, changes: Iterable[str] = (), *, under: Mapping[str, Mapping[str, object]] | None = None
) -> Settings:
    """Read the file at `path` (None: the defaults) and apply `key=value` changes. Raises ConfigError.

    What neither says is taken from `under`, tables of keys.
    """
    return combine(_read(path) if path else {}, changes, under=under, where=str(path) if path else "--set")


def combine(
    said: Mapping[str, object],
    changes: Iterable[str] = (),
    *,
    under: Mapping[str, Mapping[str, object]] | None = None,
    where: str,
) -> Settings:
    """The same of a table that a file says."""
    table = copy.deepcopy(dict(said))
    for change in changes:
        _apply(table, change)
    for name, keys in (under or {}).items():
        below = table.setdefault(name, {})
        if isinstance(below, dict):
            table[name] = {**keys, **below}
    return from_table(table, where=where)


def from_table(table: Mapping[str, object], *, where: str) -> Settings:
    """The settings that a file with this table says. Raises ConfigError, which tells `where`."""
    settings = _settings(table, where=where)
    if settings.llm.cache != "f16" and not settings.llm.flash_attention:
        raise ConfigError("config-cache", cache=settings.llm.cache)
    _check(settings.wyoming)
    _check_rooms(settings.rooms, where=where)
    _check_elsewhere(settings)
    return settings


def _check_rooms(rooms: Rooms, *, where: str) -> None:
    """Who is in a room says its name: no two have the same. Raises ConfigError."""
    names = [each.casefold() for each in (rooms.here, *(device.name for device in rooms.devices)) if each]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError("config-room-twice", where=where, name=name)


def _check_elsewhere(settings: Settings) -> None:
    """A server that is wanted is told where it is, and whose voice it copies. Raises ConfigError."""
    tts, listening = settings.tts, settings.speech_to_text
    if tts.server == "openai" and not tts.openai.address:
        raise ConfigError("config-tts-address")
    if listening.server == "openai" and not listening.openai.address:
        raise ConfigError("config-stt-address")
    if tts.server == "f5" and not (tts.f5.reference and tts.f5.reference_text):
        raise ConfigError("config-tts-reference", section="tts.f5")
    if tts.server == "fish" and bool(tts.fish.reference) != bool(tts.fish.reference_text):
        raise ConfigError("config-tts-reference", section="tts.fish")


def _check(wyoming: Wyoming) -> None:
    """The protocol knows no password: the user names who may come. Raises ConfigError."""
    for each in wyoming.allow:
        try:
            ipaddress.ip_network(each, strict=False)
        except ValueError as error:
            raise ConfigError("config-wyoming-allow", address=each) from error
    if wyoming.enabled and not wyoming.local and not wyoming.allow:
        raise ConfigError("config-wyoming-open", host=wyoming.host)


def to_table(settings: object) -> Any:
    """Settings, or a value among them, in the types of TOML."""
    return msgspec.json.decode(msgspec.json.encode(settings))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("config-missing", path=path) from error
    except (OSError, *WRITTEN) as error:
        raise ConfigError("config-unreadable", path=path, cause=error) from error


def _apply(table: dict[str, Any], change: str) -> None:
    key, equals, written = change.partition("=")
    if not equals or not key.strip():
        raise ConfigError("config-set", change=change)
    *parents, name = key.strip().split(".")
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            raise ConfigError("config-set", change=change)
    table[name] = _value(written.strip())


def _value(written: str) -> object:
    """As TOML would read it; plain text needs no quotes."""
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except WRITTEN:
        return written


def _settings(table: Mapping[str, object], *, where: str) -> Settings:
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        unknown = _unknown(table, Settings(), "")
        if unknown:
            key, near = unknown
            if near:
                raise ConfigError("config-unknown-near", where=where, wrong=key, near=near) from error
            raise ConfigError("config-unknown", where=where, wrong=key) from error
        raise ConfigError("config-invalid", where=where, cause=error) from error
    names = [each.name.casefold() for each in settings.cast]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError("config-persona-twice", where=where, name=name)
    return settings


def _unknown(table: Mapping[str, object], section: Section, prefix: str) -> tuple[str, str] | None:
    """The first key that no section has, and the one that was probably meant."""
    names = section.__struct_fields__
    for key, value in table.items():
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            return prefix + key, prefix + near[0] if near else ""
        inner = getattr(section, key)
        if isinstance(inner, Section) and isinstance(value, dict):
            found = _unknown(value, inner, f"{prefix}{key}.")
            if found:
                return found
    return None
