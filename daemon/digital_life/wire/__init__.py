"""Wyoming on the wire, for who serves and who asks: events, and a connection on which they come and go."""
