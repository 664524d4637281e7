"""From the first words to the queue: what they say is read, what is missing is asked with buttons.

The answers stand in the sealed document of the draft; which question is open, the first missing
answer says.
"""

from services.intake.reading import MOST, Intake, read

__all__ = ["MOST", "Intake", "read"]
