"""What is said of the home: from words to the things that are meant and what becomes of them, and back to words."""
