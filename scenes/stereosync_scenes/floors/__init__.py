"""Photo floors: grounds of own scenes that are textures of free games, fetched and never shipped."""
