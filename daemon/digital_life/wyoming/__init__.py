"""Digital Life as others use it over the Wyoming protocol: recogniser, voice, wake words and conversation."""
