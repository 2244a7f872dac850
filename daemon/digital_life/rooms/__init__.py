"""Several rooms over one mind: who of them heard first, and where something is said."""
