"""What stays: every turn, diaries, what it knows of itself and of its user."""
