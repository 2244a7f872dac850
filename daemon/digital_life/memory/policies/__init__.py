"""How the systems that this one descends from recall and forget, each by its published formula, over the same life."""
