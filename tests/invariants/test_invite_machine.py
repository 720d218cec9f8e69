"""Invariant 11: an invite is redeemed at most once, never late, never beyond what it was issued for."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlmodel import col

from registration import actors, invites
from registration.refusals import InviteLocked
from storage.people import Person, StaffRole
from storage.scopes import Scope
from tests.conftest import ENGINES
from tests.invariants.conftest import PROFILE
from tests.invariants.grounds import Ground

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
TRIAL = datetime(2021, 10, 11, tzinfo=UTC)
"""What the domain's clock shows; neither expiry nor the lock may hang on it."""
SCOPES = [Scope("province", "320000"), Scope("city", "320300"), Scope("city", "320600")]
PEOPLE = (1, 2, 3)
GUESSES, LOCKED = 5, timedelta(hours=1)


class Invitations(RuleBasedStateMachine):
    """Codes are issued, typed, mistyped, raced for and forgotten."""

    engine = "sqlite"
    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.ground = Ground(self.engine)
        self.now = BEGIN
        self.expiry: dict[str, tuple[Scope, datetime]] = {}
        self.used: set[str] = set()
        self.roles: set[tuple[int, str, str]] = set()
        self.wrong: dict[int, list[datetime]] = {person: [] for person in PEOPLE}

    @rule(target=codes, scope=st.sampled_from(SCOPES), hours=st.integers(1, 72))
    def a_code_is_issued(self, scope: Scope, hours: int) -> str:
        async def issue() -> str:
            async with self.ground.database.transaction() as session:
                return await invites.issue(session, scope, hours=hours, wall=self.now)

        code = self.ground.run(issue())
        self.expiry[code] = (scope, self.now + timedelta(hours=hours))
        return code

    @rule(hours=st.integers(0, 40), minutes=st.integers(1, 59))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    async def redeem(self, person: int, code: str) -> Scope | str | None:
        async with self.ground.database.transaction() as session:
            actor = await actors.identify(session, "webchat", person, "某", TRIAL)
            try:
                return await invites.redeem(session, actor, code, TRIAL, wall=self.now)
            except InviteLocked:
                return "locked"

    @rule(
        person=st.sampled_from(PEOPLE),
        code=codes,
        form=st.sampled_from(
            [str.upper, str.lower, lambda code: " ".join(code), lambda code: f"{code[:8]}-{code[8:]}"]
        ),
    )
    def a_code_is_typed(self, person: int, code: str, form: Any) -> None:
        assert self.ground.run(self.redeem(person, form(code))) == self.expect(person, code)

    @rule(person=st.sampled_from(PEOPLE), tail=st.text("234567ABC", min_size=31, max_size=31))
    def a_code_is_guessed(self, person: int, tail: str) -> None:
        assert self.ground.run(self.redeem(person, f"Q{tail}")) == self.expect(person, "")

    @rule(code=codes)
    def all_race_for_a_code(self, code: str) -> None:
        async def race() -> list[Scope | str | None]:
            return await asyncio.gather(*(self.redeem(person, code) for person in PEOPLE))

        async def be_known() -> None:
            for person in PEOPLE:
                async with self.ground.database.transaction() as session:
                    await actors.identify(session, "webchat", person, "某", self.now)

        self.ground.run(be_known())
        free = {person for person in PEOPLE if not self.locked(person)}
        answers = dict(zip(PEOPLE, self.ground.run(race()), strict=True))
        scope, expires = self.expiry[code]
        winners = [person for person, answer in answers.items() if isinstance(answer, Scope)]
        good = code not in self.used and self.now < expires and bool(free)
        assert len(winners) == int(good)
        for person, answer in answers.items():
            assert (answer == "locked") == (person not in free)
            if person in winners:
                assert answer == scope
                self.used.add(code)
                self.roles.add((person, scope.role, scope.code))
            elif person in free:
                self.wrong[person].append(self.now)

    def locked(self, person: int) -> bool:
        return sum(moment > self.now - LOCKED for moment in self.wrong[person]) >= GUESSES

    def expect(self, person: int, code: str) -> Scope | str | None:
        """What the answer has to be; takes note of it."""
        if self.locked(person):
            return "locked"
        scope, expires = self.expiry.get(code, (SCOPES[0], BEGIN))
        if code in self.used or self.now >= expires:
            self.wrong[person].append(self.now)
            return None
        self.used.add(code)
        self.roles.add((person, scope.role, scope.code))
        return scope

    def teardown(self) -> None:
        async def granted() -> set[tuple[int, str, str]]:
            async with self.ground.database.snapshot() as session:
                rows = await session.execute(
                    select(Person.chat_id, StaffRole.role, StaffRole.scope).join(
                        Person, col(Person.id) == col(StaffRole.person_id)
                    )
                )
                return {tuple(row) for row in rows}

        assert self.ground.run(granted()) == self.roles
        self.ground.close()


class InvitationsOnPostgres(Invitations):
    engine = "postgresql"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_invite_is_good_once_and_in_time_for_its_own_scope(engine: str) -> None:
    machine = Invitations if engine == "sqlite" else InvitationsOnPostgres
    run_state_machine_as_test(machine, settings=PROFILE)
