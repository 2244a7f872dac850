"""The web server: who may ask, what can be asked, and the pages that ask it."""
