"""What is remembered, and the rules of each record. Importing this knows every table."""

from models import (
    audit,
    bot,
    consent,
    consultation,
    correction,
    emergency,
    facility,
    form,
    invitation,
    mail,
    message,
    notice,
    offer,
    patient,
    person,
    region,
    role,
)
from models.base import Base

__all__ = [
    "Base",
    "audit",
    "bot",
    "consent",
    "consultation",
    "correction",
    "emergency",
    "facility",
    "form",
    "invitation",
    "mail",
    "message",
    "notice",
    "offer",
    "patient",
    "person",
    "region",
    "role",
]
