"""What people can keep or print.

setting.py  lines on the pages of a PDF
advice.py   advice and its corrections
"""

from services.paper.advice import make
from services.paper.setting import printable, wrap, write

__all__ = ["make", "printable", "wrap", "write"]
