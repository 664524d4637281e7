"""What people may ask about their own data (UU 27/2022): to see it, to have it put right, to have
nothing new done with it, to take the consent back, to have the account erased."""

from services.consent import lift
from services.rights.asking import RIGHTS, begin, hear, offer, send, sent
from services.rights.erasing import erase

__all__ = ["RIGHTS", "begin", "erase", "hear", "lift", "offer", "send", "sent"]
