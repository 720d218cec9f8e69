"""One-time invites to staff roles. The code itself is shown once and never kept."""

import base64
import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import cast

from registration.actors import Actor
from registration.refusals import InviteLocked
from storage import audit, identities
from storage.database import Session
from storage.scopes import Role, Scope

CODE_BYTES = 20  # 160 bits, 32 signs of base32
CODE = re.compile(r"[A-Z2-7]{32}")
GUESSES = 5
WRONG = "invite_refused"
LOCKED_FOR = timedelta(minutes=60)


def normalize(code: str) -> str:
    """A typed code without spaces, hyphens and case."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def looks_like_code(text: str) -> bool:
    """Whether the text has the shape of an invite, right or wrong."""
    return CODE.fullmatch(normalize(text)) is not None


def _hash(code: str) -> str:
    return hashlib.sha256(normalize(code).encode()).hexdigest()


async def issue(session: Session, scope: Scope, *, hours: int, wall: datetime) -> str:
    """A new code for that scope, good for `hours` from `wall`, the real time."""
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    await identities.add_invite(
        session, _hash(code), scope.role, scope.code, expires_at=wall + timedelta(hours=hours), now=wall
    )
    await audit.record(
        session, "invite_issued", "invite", None, person_id=None, at=wall, role=scope.role, scope=scope.code
    )
    return code


async def redeem(session: Session, actor: Actor, code: str, now: datetime, *, wall: datetime) -> Scope | None:
    """Grants the role a code stands for, once; None for a code that is wrong, used or late.

    `wall` is the real time, by which invites expire and guesses are counted; `now` the domain's. A wrong code
    is no exception: it must be counted, so its audit row has to stay. Raises InviteLocked after too many.
    """
    if await audit.count(session, actor.id, WRONG, wall - LOCKED_FOR) >= GUESSES:
        raise InviteLocked(int(LOCKED_FOR.total_seconds() // 60))
    invite = await identities.redeem_invite(session, _hash(code), actor.id, wall)
    if invite is None:
        await audit.record(session, WRONG, "invite", None, person_id=actor.id, at=wall)
        return None
    await identities.grant_role(session, actor.id, invite.role, invite.scope, now)
    await audit.record(
        session,
        "invite_redeemed",
        "invite",
        invite.id,
        person_id=actor.id,
        at=now,
        role=invite.role,
        scope=invite.scope,
    )
    return Scope(cast(Role, invite.role), invite.scope)
