"""How the systems that this one descends from recall and forget, each by its published formula, over the same life."""

from digital_life.memory.policies.gist import Gist
from digital_life.memory.policies.own import Own

POLICIES: dict[str, Own] = {"digital-life": Own(), "gist": Gist()}
"""By the name in `memory.policy`."""
