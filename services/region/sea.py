"""Whether the sea lies between two places, as far as their codes tell (content/islands.toml).

The list of regions has middles and no coasts: who lives on a small island of a large regency is not
known to. So «sea» is said only between groups of whole islands, else nothing, or «perhaps».
"""

from services.content import islands


def is_across(code: str | None, other: str | None) -> bool:
    """Tell whether sea lies between two regions for certain; False also where nobody knows."""
    here, there = _group(code), _group(other)
    return here is not None and there is not None and here != there


def has_many_islands(code: str | None) -> bool:
    """Tell whether the next place may be on another island, inside one regency or province."""
    return code is not None and any(part in islands()["many"]["codes"] for part in _parts(code))


def _group(code: str | None) -> str | None:
    groups = islands()["groups"]
    return next(
        (name for part in _parts(code or "") for name, codes in groups.items() if part in codes),
        None,
    )


def _parts(code: str) -> tuple[str, str]:
    """Give the regency's and the province's part of a code, the longer first."""
    return code[:5], code[:2]
