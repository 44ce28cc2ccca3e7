"""The pedestrians' modules are scripts beside each other; their folder goes onto the path, as when it is run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "pedestrians"))
