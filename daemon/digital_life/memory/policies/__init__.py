"""How the systems that this one descends from recall and forget, each by its published formula, over the same life."""

from digital_life.memory.policies.cued import Cued
from digital_life.memory.policies.gist import Gist
from digital_life.memory.policies.memorybank import MemoryBank
from digital_life.memory.policies.own import Own
from digital_life.memory.policies.paged import Paged
from digital_life.memory.policies.recursive import Recursive

POLICIES: dict[str, Own] = {
    "digital-life": Own(),
    "memorybank": MemoryBank(),
    "recursive": Recursive(),
    "cued": Cued(),
    "gist": Gist(),
    "paged": Paged(),
}
"""By the name in `memory.policy`."""
