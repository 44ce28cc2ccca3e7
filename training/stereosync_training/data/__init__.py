"""Training data: rendered walks, known walks, courses of feet and sound clips, made once and read at random."""
