"""What a Panda3D game adds to be heard: its picture and boxes go out, the sound comes back through Panda's audio."""
