"""What a staff role may see, as a condition on organizations."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from storage.organizations import OrganizationItem
from storage.people import Organization

Role = Literal["province", "city"]


@dataclass(frozen=True, slots=True)
class Scope:
    """A province with everything in it, or a city with what is registered there.

    `code` is the division's six digits. An organization registered at province level stands in no city's
    scope, wherever its home is.
    """

    role: Role
    code: str

    @property
    def prefix(self) -> str:
        """The digits every division inside shares."""
        return self.code[:2] if self.role == "province" else self.code[:4]

    @property
    def codes_over(self) -> tuple[str, ...]:
        """The codes of the scopes that see all of this one: its own and its province's."""
        return self.code, f"{self.code[:2]}0000"

    def covers(self, organization: OrganizationItem) -> bool:
        """Whether the organization stands in this scope."""
        if self.role == "province":
            return not organization.home or organization.home.startswith(self.prefix)
        return organization.home.startswith(self.prefix) and organization.level != "province"

    def condition(self) -> ColumnElement[bool]:
        """`covers` in SQL, on the table of organizations."""
        inside: ColumnElement[Any] = col(Organization.home).startswith(self.prefix)
        if self.role == "province":
            return or_(col(Organization.home) == "", inside)
        return and_(inside, col(Organization.level) != "province")
