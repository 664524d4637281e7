"""Guidance: the rest of JKN explained, article by article."""
