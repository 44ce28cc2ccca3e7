"""Audition: hear a bundle. A tape or a live scene is the client, the real service answers, its sound is played."""
