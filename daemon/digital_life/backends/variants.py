"""Take the kernels of llama.cpp that suit this processor, where a build brings them for several."""

from __future__ import annotations

import ctypes
import functools
import os
from pathlib import Path

import llama_cpp
from llama_cpp._logger import set_verbose

LIBRARIES = Path(llama_cpp.__file__).parent / "lib"
VARIANTS = "libggml-cpu-*.so"
"""One a kind of processor, as the package for Debian has them; a build for one machine has its kernels built in."""


@functools.cache
def choose(folder: Path = LIBRARIES) -> bool:
    """Before llama.cpp is first used: load the best of those in `folder`. Whether there was a choice.

    llama.cpp itself would look beside the Python that runs and in the working folder, where anybody may put a library.
    """
    if not any(folder.glob(VARIANTS)):
        return False
    set_verbose(False)  # it tells on the terminal which one it took
    library = ctypes.CDLL(str(folder / "libggml.so"))
    library.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
    library.ggml_backend_load_all_from_path.restype = None
    library.ggml_backend_load_all_from_path(os.fsencode(folder))
    return True
