"""Talking: from what was heard to what is said."""
