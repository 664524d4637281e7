"""Where databases of tests lie: in memory where there is enough of it; containers may have none.

There is no disk to wait for then, which was a tenth of the suite on SQLite, and a second for each
database on PostgreSQL. What must reach a disk is counted, not felt
(tests/engine/test_durability.py).
"""

import os
import shutil
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108
ENOUGH = 4 << 30  # bytes


def _is_large() -> bool:
    usable = SHARED.is_dir() and os.access(SHARED, os.W_OK)
    return usable and shutil.disk_usage(SHARED).free > ENOUGH


FOLDER = SHARED if _is_large() else Path("/tmp")  # noqa: S108
"""Never TMPDIR: PostgreSQL's socket allows a path of 107 bytes at most, and a private TMPDIR would
shut its servant out."""
