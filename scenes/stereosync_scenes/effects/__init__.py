"""Effects: what moves in a place and is not a person, so that every ambience can be seen. Pure functions of time."""
