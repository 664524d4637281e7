"""What a profession may do and has to write at the end of a consultation: content/scope.toml."""

from typing import NamedTuple

from models.role import Profession, Role
from services.content import scopes


class Scope(NamedTuple):
    """What one profession may do."""

    writes: tuple[str, ...] = ()
    """The fields without which its closing is only half filled."""
    prescribes: bool = False
    refers: bool = False
    poli: str = ""
    """P-Care's code."""

    @property
    def assesses(self) -> bool:
        """Tell whether it diagnoses: then a code of ICD-10 belongs to what it writes."""
        return "assessment" in self.writes


NONE = Scope()


def of(profession: Profession | None) -> Scope:
    """Give what a profession may do; one that the table does not name may nothing."""
    found = scopes().get(str(profession or ""))
    return Scope(**found | {"writes": tuple(found["writes"])}) if found else NONE


def of_role(role: Role | None) -> Scope:
    """Give what the holder of a role may do."""
    return of(role.profession if role is not None else None)
