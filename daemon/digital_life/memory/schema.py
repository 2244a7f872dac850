"""The life's file: its tables, and how an older file becomes a newer one."""

from __future__ import annotations

VERSION_1 = """
-- A moment is kept as the person's clock showed it, with its zone.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    began TEXT NOT NULL,
    last TEXT NOT NULL,
    over INTEGER NOT NULL DEFAULT 0,
    no_diary INTEGER NOT NULL DEFAULT 0,
    summarised_to INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE turn (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversation,
    began TEXT NOT NULL,
    language TEXT NOT NULL,
    confidence REAL NOT NULL,
    heard TEXT NOT NULL,
    said TEXT NOT NULL,
    unsaid TEXT NOT NULL,
    interrupted INTEGER NOT NULL,
    wake TEXT
) STRICT;
CREATE INDEX turn_of_conversation ON turn (conversation);

-- What the model looked up; `found` holds kinds and numbers, no text, so that forgetting need not look here.
CREATE TABLE call (
    turn INTEGER NOT NULL REFERENCES turn ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    argument TEXT NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (turn, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE diary (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER UNIQUE REFERENCES conversation,
    day TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    mood TEXT NOT NULL,
    extract INTEGER NOT NULL,
    written TEXT NOT NULL
) STRICT;
CREATE INDEX diary_of_day ON diary (day);

-- Every version; the last one of a kind is the present one.
CREATE TABLE concept (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('self', 'user')),
    written TEXT NOT NULL
) STRICT;

-- The sentences of summaries, diaries and concepts, and the turns each came from.
CREATE TABLE sentence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL CHECK (owner IN ('summary', 'diary', 'concept')),
    owner_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX sentence_of_owner ON sentence (owner, owner_id);
CREATE TABLE source (
    sentence INTEGER NOT NULL REFERENCES sentence ON DELETE CASCADE,
    turn INTEGER NOT NULL,
    PRIMARY KEY (sentence, turn)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_turn ON source (turn);

-- What can be found: a turn or a diary, its words and its meaning.
CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('turn', 'diary')),
    ref INTEGER NOT NULL,
    moment TEXT NOT NULL,
    day TEXT NOT NULL,
    text TEXT NOT NULL,
    strength REAL NOT NULL,
    recalled TEXT NOT NULL,
    UNIQUE (kind, ref)
) STRICT;
CREATE INDEX item_of_day ON item (day);
CREATE VIRTUAL TABLE word USING fts5 (text, content='item', content_rowid='id', tokenize='life');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab ('word', 'row');
INSERT INTO word (word, rank) VALUES ('secure-delete', 1);

-- The meanings lie in `meaning_<id>`, a table for each embedder; the one that is whole serves.
CREATE TABLE embedder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL,
    whole INTEGER NOT NULL
) STRICT;
"""

VERSION_2 = """
-- What is to ring; what is over is not here any more.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    language TEXT NOT NULL,
    what TEXT NOT NULL,
    repeat TEXT NOT NULL,
    lasts_s REAL,
    state TEXT NOT NULL,
    rung INTEGER NOT NULL,
    again TEXT
) STRICT;

-- Shopping and the like.
CREATE TABLE list_item (
    list TEXT NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (list, position)
) STRICT, WITHOUT ROWID;

-- When it spoke by itself, and about which diary; no text.
CREATE TABLE unasked (
    at TEXT NOT NULL,
    diary INTEGER NOT NULL
) STRICT;
"""

VERSION_3 = """
-- How grave a concern was and which rules said so; no word of what was said, so that forgetting need not look here.
CREATE TABLE concern (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    signs TEXT NOT NULL,
    version TEXT NOT NULL,
    turn INTEGER NOT NULL,
    told TEXT
) STRICT;
"""

VERSION_4 = """
-- What a policy writes for itself: the sentences of a recursive memory, the gists of pages, a working context.
-- Each row is one piece, with the turns it came from, so that forgetting reaches it.
CREATE TABLE note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    meaning BLOB,
    embedder TEXT
) STRICT;
CREATE INDEX note_of_kind ON note (kind);
CREATE TABLE note_source (
    note INTEGER NOT NULL REFERENCES note ON DELETE CASCADE,
    turn INTEGER NOT NULL,
    PRIMARY KEY (note, turn)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_source_turn ON note_source (turn);
"""

VERSION_5 = """
-- The room is where it was said or set, empty where the machine stands. The speaker is whose words they are, see
-- belonging: empty for the user, or for whoever it was while nobody told voices apart.
ALTER TABLE turn ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE turn ADD COLUMN speaker TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN room TEXT NOT NULL DEFAULT '';
-- Where all was said by the user nothing need be left out.
CREATE INDEX turn_of_another ON turn (speaker) WHERE speaker <> '';
-- What is known of this person; empty: of the user.
ALTER TABLE concept ADD COLUMN person TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS = (VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5)
"""Number n of them makes a file of version n - 1 one of version n; each runs in one transaction."""
NEWEST = len(MIGRATIONS)
