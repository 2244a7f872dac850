"""Signs of a psychological crisis, and what is said then: kind, short, reviewed, and never made by a model."""
