"""What it is doing just now, how that goes, and what can be changed about it."""
