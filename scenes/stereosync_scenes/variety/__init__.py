"""What the varied world draws: bodies, styles of steps, habits."""
