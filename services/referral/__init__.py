"""The summary of a referral: a PDF for the facility that receives the patient, with a code by which
that facility finds out whether it is genuine.

It is no letter of referral of JKN: that one is made at the FKTP.

summary.py  what stands on the page
check.py    the code, and what who opens its link is told
"""

from services.referral.check import is_link, new_code, open_link
from services.referral.summary import keep, send

__all__ = ["is_link", "keep", "new_code", "open_link", "send"]
