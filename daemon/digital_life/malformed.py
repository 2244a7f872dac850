"""What readers raise of bytes that are not what they take them for, to be caught where a file or an answer is read."""

from __future__ import annotations

import lzma
import tomllib
import zipfile
import zlib
from typing import Final

import msgspec

WRITTEN: Final = (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeError, RecursionError)
"""JSON and TOML: of another shape, with half a character, or lists in lists without a bottom."""
PACKED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    LookupError,
    EOFError,
    ValueError,
    OSError,  # bzip2's
    RuntimeError,  # a file that is locked in the archive, a method that is not known
)
"""An archive that somebody else packed, or that suffered on its way."""
