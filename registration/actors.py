"""Who acts: a person with the organizations they act for and the scopes they see as staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from registration.refusals import ConsentMissing, NotYours
from storage import audit, identities
from storage.database import Session
from storage.identities import MembershipItem, PersonItem
from storage.organizations import OrganizationItem
from storage.scopes import Role, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the moment of one update."""

    person: PersonItem
    memberships: tuple[MembershipItem, ...] = ()
    scopes: tuple[Scope, ...] = ()

    @property
    def id(self) -> int:
        """The person's id."""
        return self.person.id

    @property
    def organizations(self) -> tuple[int, ...]:
        """Ids of the organizations this person acts for, approved ones only."""
        return tuple(item.organization_id for item in self.memberships if item.state == "active")

    def name_in(self, organization_id: int) -> str:
        """The name the person gave as a contact of that organization, else the chat's."""
        ties = (item.contact for item in self.memberships if item.organization_id == organization_id)
        return next(ties, "") or self.person.name

    @property
    def is_staff(self) -> bool:
        """Whether the person holds a staff role at this moment."""
        return bool(self.scopes)

    def require_consent(self) -> None:
        """Raises ConsentMissing unless the person agreed that contact data are kept."""
        if self.person.consented_at is None:
            raise ConsentMissing

    def require_member(self, organization_id: int) -> None:
        """Raises NotYours unless the person acts for that organization."""
        if organization_id not in self.organizations:
            raise NotYours

    def require_scope(self, scope: Scope) -> None:
        """Raises NotYours unless the whole of `scope` lies in one of the person's own."""
        if not any(
            own == scope or (own.role == "province" and scope.code.startswith(own.prefix))
            for own in self.scopes
        ):
            raise NotYours

    def sees(self, organization: OrganizationItem) -> bool:
        """Whether the organization stands in one of the person's scopes."""
        return any(scope.covers(organization) for scope in self.scopes)


async def identify(session: Session, channel: str, chat_id: int, name: str, now: datetime) -> Actor:
    """The actor behind a chat; somebody new gets a row, and who could not be reached counts as reachable."""
    found = await identities.load(session, channel, chat_id)
    if found is None:
        return Actor(await identities.add_person(session, channel, chat_id, name, now))
    if found.person.unreachable_since is not None:
        await identities.note_reachable(session, found.person.id)
    scopes = sorted(
        (Scope(cast(Role, role), code) for role, code in found.roles),
        key=lambda scope: (scope.role != "province", scope.code),
    )
    return Actor(found.person, found.memberships, tuple(scopes))


async def agree(session: Session, actor: Actor, now: datetime) -> None:
    """Notes that the person agrees to contact data being kept; again is harmless."""
    if actor.person.consented_at is None:
        await identities.note_consent(session, actor.id, now)
        await audit.record(session, "consent", "person", actor.id, person_id=actor.id, at=now)
