"""The client of a Panda3D game: its picture and boxes go out, the sound comes back through Panda's audio."""
