"""What a profession may do, is offered, and has to write at the end: content/scope.toml."""

from typing import NamedTuple

from models.role import Profession, Role, Skill
from services.content import scopes


class Scope(NamedTuple):
    """What one profession may do."""

    writes: tuple[str, ...] = ()
    """The fields without which its closing is only half filled."""
    prescribes: bool = False
    refers: bool = False
    skills: frozenset[Skill] = frozenset()
    """What it is offered."""
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
    if found is None:
        return NONE
    skills = frozenset(map(Skill, found["skills"]))
    return Scope(**found | {"writes": tuple(found["writes"]), "skills": skills})


def of_role(role: Role | None) -> Scope:
    """Give what the holder of a role may do."""
    return of(role.profession if role is not None else None)
