"""LoRA adapters: small GGUF files that tune a language model, and can be changed while it is loaded."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llama_cpp

from digital_life.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digital_life.config import Lora


def name_of(lora: Lora) -> str:
    """What it is called: as the settings say, or as its file."""
    return lora.name or Path(lora.path).stem


def file_of(lora: Lora) -> Path:
    return Path(lora.path).expanduser()


class Adapters:
    """Those of one model. Blocking; owned by the model's thread. They end with the model."""

    def __init__(self, model: Any, context: Any, loras: Iterable[Lora]) -> None:
        """Raises ModelError when a file is not there, or made for another model."""
        self._context = context
        self._adapters = {name_of(each): _load(model, file_of(each)) for each in loras}
        self.used = ""
        """The names and scales in use; what was read with others means nothing to the model."""

    def use(self, scales: Mapping[str, float]) -> None:
        """Those named, each so strongly, and no others. Raises ModelError for a name that there is not."""
        for name in scales:
            if name not in self._adapters:
                raise ModelError("adapter-unknown", name=name, names=", ".join(sorted(self._adapters)) or "-")
        chosen = {name: scale for name, scale in sorted(scales.items()) if scale}
        count = len(chosen)
        adapters = (llama_cpp.llama_adapter_lora_p_ctypes * count)(*(self._adapters[name] for name in chosen))
        strengths = (ctypes.c_float * count)(*chosen.values())
        if llama_cpp.llama_set_adapters_lora(self._context, adapters, count, strengths):
            raise ModelError("language-model-failed", cause="llama_set_adapters_lora")
        self.used = ",".join(f"{name}={scale:g}" for name, scale in chosen.items())


def _load(model: Any, file: Path) -> Any:
    if not file.is_file():
        raise ModelError("adapter-missing", path=file)
    adapter = llama_cpp.llama_adapter_lora_init(model, str(file).encode())
    if not adapter:
        raise ModelError("adapter-broken", path=file)
    return adapter
