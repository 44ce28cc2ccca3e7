"""`stereosync-doctor`: what this machine lacks to make sound, and what mends it. Needs as little as it can itself."""
