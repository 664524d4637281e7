"""Facilities: the one that answers for what is said here, and those where people can go."""

from services.facility.home import add, behind, find_home, home, next_number

__all__ = ["add", "behind", "find_home", "home", "next_number"]
