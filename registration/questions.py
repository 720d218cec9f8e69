"""What people ask about the notices: kept, rated, passed on to staff, answered by staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from notices import Catalog
from registration.actors import Actor
from registration.refusals import NotYours, QuestionSettled, TooManyWaiting
from storage import audit, filing_queries, organizations, question_queries
from storage.database import Session
from storage.organizations import OrganizationItem
from storage.question_queries import Asking
from storage.questions import Question
from storage.scopes import Role, Scope

REMEMBERED = timedelta(minutes=30)
MAX_WAITING = 5


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A question put before staff: `chats` of all who see it, `scopes` of those, and whether it is `alone`.

    Alone means that nothing else waits for them yet.
    """

    question: Question
    chats: tuple[int, ...]
    scopes: tuple[Scope, ...]
    alone: bool


async def keep(
    session: Session,
    actor: Actor,
    text: str,
    *,
    outcome: str,
    reason: str,
    notice: str,
    turn: dict[str, Any],
    now: datetime,
) -> int:
    """Stores a question and how the bot answered it; returns its id."""
    question = Question(
        person_id=actor.id, text=text, outcome=outcome, reason=reason, notice=notice, turn=turn, asked_at=now
    )
    return cast(int, (await question_queries.add(session, question)).id)


async def before(session: Session, actor: Actor, now: datetime) -> Question | None:
    """What the actor asked last about the notices, unless that was too long ago to lean on."""
    return await question_queries.latest(session, actor.id, now - REMEMBERED)


async def own_notice(session: Session, actor: Actor, catalog: Catalog) -> str | None:
    """The notice the actor most likely means: of their filing, else the only one of their province."""
    if not actor.organizations:
        return None
    newest = await filing_queries.of_organizations(session, actor.organizations, limit=1)
    if newest:
        return newest[0].notice
    own_organizations = await organizations.get_many(session, actor.organizations)
    provinces = {item.home[:2] for item in own_organizations if item.home}
    near = [notice.slug for notice in catalog.notices if notice.province[:2] in provinces]
    return near[0] if len(near) == 1 else None


async def own(session: Session, actor: Actor, question_id: int) -> Question:
    """A question the actor asked; raises NotYours."""
    question = await question_queries.get(session, question_id)
    if question is None or question.person_id != actor.id:
        raise NotYours
    return question


async def rate(session: Session, actor: Actor, question_id: int, *, helpful: bool) -> Question:
    """Keeps whether an answer helped; raises NotYours."""
    question = await own(session, actor, question_id)
    await question_queries.rate(session, question_id, helpful=helpful)
    return question


async def pass_on(
    session: Session, actor: Actor, catalog: Catalog, channel: str, question_id: int, now: datetime
) -> PassedOn | None:
    """Puts a question before staff; None where it already is. Raises NotYours, TooManyWaiting.

    A question on another province's notice, of which nobody is there, goes to the asker's own staff.
    """
    question = await own(session, actor, question_id)
    if question.state:
        return None
    if await question_queries.count_waiting_of(session, actor.id) >= MAX_WAITING:
        raise TooManyWaiting(MAX_WAITING)
    province = catalog.notice(question.notice).province if question.notice else ""
    everybody = [
        (chat, Scope(cast(Role, role.role), role.scope))
        for chat, role in await question_queries.staff_chats(session, channel)
    ]
    organization = await _asking_for(session, actor, province)
    if organization is None and not any(reaches(scope, None, province) for _, scope in everybody):
        organization = await _asking_for(session, actor, "")
    staff = [(chat, scope) for chat, scope in everybody if reaches(scope, organization, province)]
    scopes = tuple(dict.fromkeys(scope for _, scope in staff))
    alone = not await question_queries.count_waiting(session, scopes, channel)
    number = organization.id if organization else None
    if not await question_queries.pass_on(session, question_id, number, province, now):
        return None
    await audit.record(session, "pass_on", "question", question_id, person_id=actor.id, at=now)
    chats = tuple(dict.fromkeys(chat for chat, _ in staff if chat != actor.person.chat_id))
    return PassedOn(question, chats, scopes, alone)


async def _asking_for(session: Session, actor: Actor, province: str) -> OrganizationItem | None:
    """The organization whose staff shall answer: one of the actor's, of the province if that is known."""
    if not actor.organizations:
        return None
    for organization in await organizations.get_many(session, actor.organizations):
        if not province or not organization.home or organization.home[:2] == province[:2]:
            return organization
    return None


def reaches(scope: Scope, organization: OrganizationItem | None, province: str) -> bool:
    """Whether a question of that organization, or of nobody's on a notice of that province, is seen there."""
    if organization is not None:
        return scope.covers(organization)
    return scope.role == "province" and (not province or province.startswith(scope.prefix))


async def waiting(
    session: Session, actor: Actor, channel: str, *, limit: int, offset: int
) -> tuple[list[Asking], int]:
    """A page of what waits in the actor's scopes, oldest first, and how many; raises NotYours."""
    if not actor.is_staff:
        raise NotYours
    total = await count_waiting(session, actor, channel)
    rows = await question_queries.waiting(session, actor.scopes, channel, limit=limit, offset=offset)
    return rows, total


async def count_waiting(session: Session, actor: Actor, channel: str) -> int:
    """How many questions wait in the actor's scopes; 0 for who is no staff."""
    return await question_queries.count_waiting(session, actor.scopes, channel)


async def seen(session: Session, actor: Actor, channel: str, question_id: int) -> tuple[Asking, Scope]:
    """A question put before staff and the narrowest scope in which the actor sees it; raises NotYours."""
    asking = await question_queries.find_passed_on(session, question_id, channel)
    if asking is not None:
        for scope in sorted(actor.scopes, key=lambda item: item.role == "province"):
            if reaches(scope, asking.organization, asking.question.region):
                return asking, scope
    raise NotYours


async def answer(
    session: Session, actor: Actor, asking: Asking, words: str, office: str, now: datetime
) -> None:
    """Stores the answer, in the name of `office`, to what the actor has `seen`; raises QuestionSettled."""
    question_id = cast(int, asking.question.id)
    if not await question_queries.answer(session, question_id, words, office, actor.id, now):
        raise QuestionSettled
    await audit.record(session, "answer", "question", question_id, person_id=actor.id, at=now, office=office)
