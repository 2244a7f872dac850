"""How the systems that this one descends from recall and forget, each by its published formula, over the same life."""

from digital_life.memory.policies.own import Own
from digital_life.memory.policies.paged import Paged

POLICIES: dict[str, Own] = {"digital-life": Own(), "paged": Paged()}
"""By the name in `memory.policy`."""
