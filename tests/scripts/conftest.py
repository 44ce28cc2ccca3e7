"""The scripts' modules, importable; last on the path, since one of them is called `test` and one `build`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "scripts"))
