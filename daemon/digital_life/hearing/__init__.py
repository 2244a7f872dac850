"""From sound to who spoke when."""
