"""What the logic needs from the world: protocols of one to three methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from digital_life.tool import Outcome, ToolCall
    from digital_life.values import (
        AudioFrame,
        Call,
        Concern,
        Document,
        Entry,
        Event,
        Forecast,
        Granted,
        HearingEvent,
        KeptConcern,
        Language,
        Message,
        Person,
        Published,
        Recall,
        Shelved,
        Speaker,
        Speech,
        Standing,
        State,
        Transcript,
        Turn,
        Unasked,
        Utterance,
        WakeHeard,
        WakeMissed,
        WakeNote,
        Waking,
        WebPage,
    )


class Clock(Protocol):
    """The only place that asks the time."""

    def now(self) -> datetime:
        """The date and time where the person lives, with its zone."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean something."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Microphone(Protocol):
    def frames(self) -> AsyncGenerator[AudioFrame]:
        """Sound as it comes; ends when a recording ends; raises SoundError when the device is lost.

        A reader that is late loses the oldest frames: late audio is worse than lost.
        """
        ...


class Loudspeaker(Protocol):
    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        """Play and return the seconds that were heard, less than `speech.seconds` after `stop()`.

        `started` is called when the first sample is handed to the device.

        On cancellation the loudspeaker is silent before this raises. Raises SoundError when the device is lost.
        """
        ...

    def stop(self) -> None:
        """Silence now; a `play` under way returns what was heard."""
        ...

    def turn(self, level: float) -> None:
        """Play so loud, 0 to 1, from the next block on; at 0 the sound under way waits where it is."""
        ...


class RoomDevice(Microphone, Loudspeaker, Protocol):
    """A microphone and a loudspeaker in another room, over the network.

    Its frames end only by SoundError: when it cannot be reached or is lost. Asked for again, it is looked for again.
    """

    def show(self, state: State) -> None:
        """What goes on: it lights its lamp, and one that hears its wake word by itself sends sound while listened to.

        Neither waits nor raises, also when the device is away.
        """
        ...


class WakeWords(Protocol):
    """Blocking; owned by one thread."""

    def feed(self, pcm: bytes) -> dict[str, float]:
        """Score one frame of FRAME samples: phrase to a score of 0 to 1."""
        ...

    def reset(self) -> None:
        """Forget the sound so far."""
        ...

    def beside(self) -> WakeWords:
        """For another stream of sound, by the same networks."""
        ...


class VoiceActivity(Protocol):
    """Blocking; owned by one thread."""

    def feed(self, pcm: bytes) -> tuple[float, ...]:
        """Probability of a voice, 0 to 1, for each window of 512 samples (32 ms) that this frame completes."""
        ...

    def reset(self) -> None:
        """Forget the sound so far."""
        ...


class Ears(Protocol):
    """The microphone, understood as far as who spoke when."""

    own_voice: bool
    """Whether it speaks itself just now: then a wake word must be clearer."""
    attentive: bool
    """Whether it thinks or speaks: then who goes on speaking is heard without a wake word."""

    def events(self) -> AsyncGenerator[HearingEvent]:
        """What is heard; ends when a recording ends; raises SoundError when the device is lost.

        After WakeHeard it listens for an utterance by itself, and after that waits for a wake word again.
        """
        ...

    def follow_up(self, seconds: float, *, since: int | None = None) -> None:
        """Listen for an utterance without a wake word; NothingSaid follows after so much silence.

        From now on, or from the position `since`: sound that came while it was not known that it would matter.
        """
        ...

    def attend(self, wake: WakeHeard) -> None:
        """That was a wake word: listen as after one, from there on."""
        ...

    def judge(self, speech_ended: int, *, finished: bool | None) -> None:
        """What was said up to there is a finished sentence or not: it needs less silence to end, or more.

        None: nobody could tell.
        """
        ...


class Mute(Protocol):
    """Whether it is not to hear anything; survives a restart."""

    on: bool

    async def until(self, *, on: bool) -> None:
        """Return when it is so."""
        ...


class WakeNotes(Protocol):
    """Remembers what woke it, and what nearly did."""

    def note(self, wake: WakeHeard | WakeMissed, waking: Waking) -> None: ...

    @property
    def latest(self) -> WakeNote | None:
        """Of the last time that it woke; None when it never did."""
        ...


class EndOfTurn(Protocol):
    async def is_over(self, utterance: Utterance) -> float:
        """Probability, by how it sounds, that this was all that was to be said. Raises ModelError."""
        ...


class SpeechToText(Protocol):
    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        """Write down what was said; None when there were no words in it. `hint` is what was probably said.

        On cancellation the result is thrown away. Raises ModelError.
        """
        ...


class SpeakerEmbedding(Protocol):
    """A voice as a vector. Blocking; owned by one thread."""

    name: str
    """With its version: vectors of different names cannot be compared."""
    dimension: int

    def seconds(self, pcm: bytes) -> float:
        """How long something as loud as a voice is heard in this sound: 16 kHz mono, signed 16-bit little-endian."""
        ...

    def embed(self, pcm: bytes) -> bytes:
        """`dimension` numbers, float32 little-endian, of unit length: the cosine of two tells how alike they are.

        Raises ModelError, also when there is too little of a voice in it.
        """
        ...


class SpeakerRecogniser(Protocol):
    async def recognise(self, utterance: Utterance) -> Speaker:
        """Who of those that are known said it. Raises nothing: what cannot be told is nobody's."""
        ...


class LanguageModel(Protocol):
    def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        """Stream the assistant's answer, piece by piece; closing the iterator stops the model within a token.

        An answer whose beginning `may_begin` refuses is the last choice. Raises ModelError.
        """
        ...

    async def prepare(self, messages: Sequence[Message]) -> None:
        """Read these now, so that a prompt that begins with them is answered sooner. The last may be unfinished."""
        ...

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        """Read these, and keep what was read under that name, so that a restart need not read it again.

        Nothing is done where they were kept before. Raises ModelError.
        """
        ...

    def tokens(self, text: str) -> int:
        """How many tokens of the context `text` takes."""
        ...


class TextToSpeech(Protocol):
    async def synthesize(self, text: str, language: Language) -> Speech:
        """Speak `text`, which is in `language` and in words alone. Raises ModelError."""
        ...


class Embedder(Protocol):
    """The meaning of a text as a vector. Blocking; owned by one thread."""

    name: str
    """With its version: vectors of different names cannot be compared."""
    dimension: int
    unit: float
    """Length of every vector, up to rounding."""

    def passage(self, text: str) -> bytes:
        """`dimension` signed bytes: the meaning of something to be found."""
        ...

    def query(self, text: str) -> bytes:
        """The same of a question."""
        ...


class Meanings(Protocol):
    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        """The meaning of each as an Embedder's query. Raises MemoryFileError."""
        ...


class Writer(Protocol):
    """The language model, when it writes for itself rather than talks."""

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        """The answer to `messages`, in the form of the GBNF `grammar` and of at most `tokens` tokens.

        What was read for the conversation stays read. Cancelling stops it soon. Raises ModelError.
        """
        ...


class Brain(LanguageModel, Writer, Protocol):
    """A language model that both talks and writes for itself."""


class Memory(Protocol):
    """What was said before. None of these raises: without a memory the talk goes on."""

    def of(self, person: Person) -> Memory:
        """The same, of which nothing is told but what this person may hear."""
        ...

    async def standing(self) -> Standing:
        """What stands in every prompt."""
        ...

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        """What surely bears on the question, unasked; what this conversation has recalled before is left out.

        So are its own turns, but for those that do not stand in the prompt: `unseen`.
        """
        ...

    async def check(self, heard: Transcript) -> Outcome | None:
        """What is remembered of what the user supposes and wants confirmed, to be said; None: nothing of the kind."""
        ...

    async def hear(self, heard: Transcript, began: datetime) -> None:
        """Keep what is being answered: should the power fail, it was said. What is heard there next replaces it."""
        ...

    async def let_go(self, heard: Transcript) -> None:
        """It is not to be remembered after all."""
        ...

    async def remember(self, turn: Turn) -> int:
        """Keep it before the next one starts. Returns its number; 0 when it is not kept."""
        ...


class Diaries(Protocol):
    """What the language model may ask of the memory. None of these raises."""

    def of(self, person: Person) -> Diaries:
        """The same, of which nothing is told but what this person may hear."""
        ...

    @property
    def calls(self) -> tuple[str, ...]:
        """The functions by which it asks; none: it asks for nothing."""
        ...

    @property
    def chained(self) -> int:
        """Calls that it may make in one turn."""
        ...

    @property
    def taught(self) -> str:
        """The words in which the rule and the examples of these functions stand."""
        ...

    async def look_up(self, name: str, argument: str, question: str) -> tuple[Recall, ...]:
        """What `recall_by_date(argument)` or `recall_by_need(argument)` finds; empty when there is nothing."""
        ...

    async def event(self, name: str, argument: str, before: Sequence[Call]) -> Event | None:
        """What it is told of the call `name(argument)`, after those `before` in this turn; None: it is a recall.

        What a call changes is written when the turn is remembered.
        """
        ...


class Tools(Protocol):
    """What it can do beside talking. None of these raises."""

    async def decide(self, heard: Transcript) -> ToolCall | None:
        """The call that this asks for; None when it is ordinary talk."""
        ...

    async def run(self, call: ToolCall, heard: Transcript) -> Outcome:
        """What came of it; cancelled, it may not have happened."""
        ...


class Wishes(Protocol):
    def concern(self, wish: Transcript) -> bool:
        """Whether this may be such a wish: told at once, before it is certain that it was said."""
        ...

    async def grant(self, wish: Transcript) -> Granted | None:
        """The answer to a wish about the memory itself ("forget what I just said"); None when it is none."""
        ...


class Wanted(Protocol):
    """Which persona is wanted; survives a restart."""

    name: str
    """Empty: none was ever asked for."""


class Consents(Protocol):
    """What the person allowed or refused; survives a restart."""

    def allowed(self, what: str) -> bool | None:
        """None: not asked yet."""
        ...

    def keep(self, what: str, *, allowed: bool) -> None: ...


class Volume(Protocol):
    """How loud it speaks; survives a restart."""

    level: float
    """0 to 1, as it is felt; never so low that it could not be heard."""


class Weather(Protocol):
    async def forecast(self, place: str, language: Language) -> Forecast | None:
        """For a week and more, the place named in `language`; None when there is no such place. Raises ToolError."""
        ...


class WebSearch(Protocol):
    async def search(self, what: str, language: Language) -> tuple[WebPage, ...]:
        """The best first. Raises ToolError."""
        ...


class Documents(Protocol):
    """The texts that may be read aloud."""

    async def names(self) -> tuple[str, ...]:
        """Of all of them: the path from its folder on."""
        ...

    async def read(self, name: str, *, characters: int) -> Document:
        """Its beginning, so many characters at most. Raises ToolError when it is not among them or is no text."""


class AgendaFile(Protocol):
    """Where the agenda is kept; all of these raise MemoryFileError."""

    async def entries(self) -> tuple[Entry, ...]:
        """All that are not over, also what another program kept."""
        ...

    async def keep(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Keep all of them, or none; one with the number of another takes its place. Returns them with their numbers.

        They survive the loss of power when this returns.
        """
        ...

    async def drop(self, numbers: Iterable[int]) -> None:
        """Nothing of these stays."""
        ...


class ListsFile(Protocol):
    """Where the lists are kept; both raise MemoryFileError."""

    async def lists(self) -> Mapping[str, tuple[str, ...]]:
        """What is on each; a list with nothing on it is none."""
        ...

    async def keep_list(self, name: str, items: Sequence[str]) -> None:
        """From now on these are on it; they survive the loss of power when this returns."""
        ...


class Openings(Protocol):
    """What it could begin a talk with, and how it has; all of these raise MemoryFileError."""

    async def pages(self) -> tuple[Recall, ...]:
        """The latest diaries, the latest first; the title is their first line."""
        ...

    async def unasked(self) -> tuple[Unasked, ...]:
        """What it said by itself so far."""
        ...

    async def note_unasked(self, note: Unasked) -> None: ...


class Announcing(Protocol):
    """Speaks unasked, in the room of the house where the person probably is."""

    async def free(self, *, room: str = "") -> None:
        """Return when nobody speaks or is answered where what was asked for in `room` would be said now."""
        ...

    async def announce(
        self,
        text: str,
        language: Language,
        *,
        ring: bool,
        acknowledged: Callable[[], None] | None = None,
        room: str = "",
        again: int = 0,
    ) -> bool:
        """As Talk's, of something that was asked for in `room`; where it is not heard it is said in another one.

        `again`: how often it was said in vain. Each time it is said in one room more.
        """
        ...


class Talk(Protocol):
    """The talk that is going on, as others than the one who talks can take part in it."""

    async def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> bool:
        """Say `text` as soon as nobody speaks, after a tone if it shall `ring`, and listen.

        Returns whether all of it was said; on cancellation it is silent before this raises.

        `acknowledged` is called when the person shows that it was heard: by a sign ("thank you"), the wake word, a
        typed line; also after this has returned, until the next announcement.
        """
        ...

    async def ask(self, text: str, language: Language, *, who: str, waits: Callable[[int], None] | None = None) -> Turn:
        """The answer, in writing. Who speaks goes first, however long that takes; then one question of each `who`.

        `waits` is called once when it waits long, with how many are answered before it. Raises CrowdedError when too
        many wait.
        """
        ...

    async def stop(self) -> None:
        """Be silent, and listen no longer."""
        ...


class Everyone(Protocol):
    """Who is in the house, in whatever room."""

    def tell(self, text: str, language: Language, *, but: str) -> Collection[str]:
        """Have this said in all rooms but one, in each as soon as nobody speaks there.

        Returns the names of these rooms; empty when none can be reached.
        """
        ...


class Care(Protocol):
    """Notices a psychological crisis, and knows what to say then. None of these raises."""

    async def look(self, heard: Transcript) -> Concern:
        """What was said as a sign of a crisis; the same for the same words."""
        ...

    def answer(self, concern: Concern, language: Language) -> str:
        """What is said instead of an answer of the language model; other words once this was kept. Empty at level 0."""
        ...

    def manner(self, language: Language) -> str:
        """How the language model is to talk on after a concern, for its system prompt; empty where there was none."""
        ...

    async def keep(self, concern: Concern, turn: int) -> None:
        """Remember how grave it was, for good, and have the trusted person told where the user wanted that."""
        ...


class Concerns(Protocol):
    """Where concerns are kept, apart from everything that fades, is recalled or is told. Raises MemoryFileError."""

    async def keep(self, concern: KeptConcern) -> None: ...

    async def kept(self) -> tuple[KeptConcern, ...]:
        """All of them, the oldest first."""
        ...

    async def told(self, at: datetime) -> None:
        """The trusted person knows of all that was kept until now."""
        ...


class TrustedContact(Protocol):
    async def tell(self, text: str) -> None:
        """Send `text` to the person the user chose. Returns when it was taken; raises ContactError."""
        ...


class Broker(Protocol):
    """The MQTT broker, whether it can be reached just now or not. None of these waits or raises."""

    def publish(self, message: Published) -> None:
        """Send it. While the broker is away the latest of each retained topic waits, and some of what has QoS 1.

        What has QoS 0 and is not retained is dropped then.
        """
        ...

    def subscribe(self, pattern: str, hear: Callable[[Published], None]) -> None:
        """From now on, and again after every reconnection, `hear` is called with what comes; it must not block."""
        ...

    def unsubscribe(self, pattern: str, hear: Callable[[Published], None]) -> None: ...


class Page(Protocol):
    """A page in somebody's browser. None of these waits or raises."""

    @property
    def id(self) -> str:
        """Another for each connection."""
        ...

    @property
    def language(self) -> Language: ...

    def send(self, message: bytes) -> None:
        """A text of JSON. A page that does not read is closed."""
        ...

    def send_sound(self, pcm: bytes) -> None:
        """A binary message."""
        ...

    def close(self) -> None: ...


class Channel(Protocol):
    """What pages are connected to. None of these blocks or raises."""

    def opened(self, page: Page) -> None: ...

    def told(self, page: Page, message: str) -> None:
        """It said this; at most 16 KiB, otherwise whatever it likes."""
        ...

    def heard(self, page: Page, pcm: bytes) -> None:
        """A binary message of at most 16 KiB."""
        ...

    def closed(self, page: Page) -> None: ...


class Connection(Broker, Protocol):
    """A broker, and whether it is there."""

    @property
    def connected(self) -> bool: ...

    def on_connected(self, told: Callable[[], None]) -> None:
        """`told` is called after every connection, when all subscriptions are in place: time to say how things are."""
        ...


class Shelf(Protocol):
    """Where backups lie: a folder, or a bucket elsewhere. All of these raise BackupError, and none waits for ever."""

    async def shelved(self) -> list[Shelved]:
        """All that lies there, whole; what else is there does no harm."""
        ...

    async def put(self, name: str, file: Path) -> None:
        """Whole or not at all."""
        ...

    async def get(self, name: str, target: Path) -> None: ...

    async def delete(self, name: str) -> None: ...
