"""Walks in third-party game levels, read from installed packages and never copied into this project."""
