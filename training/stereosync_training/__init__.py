"""Training: walks with known truth, clips, loops and evaluation."""
