"""How an entry ends: kept, put away, submitted, a correction given up."""

from dataclasses import dataclass, field

import templates
from forms.model import Answer
from handlers import asked
from handlers.callbacks import Begin, Go, Membership, Own
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Screen, button, send
from handlers.wizard_screens import step
from registration import duplicates, filings, memberships, organizations
from registration.entries import Entry
from registration.organizations import Registration
from reminders import events


@dataclass(frozen=True, slots=True)
class Done:
    """What the person sees, and what others are told."""

    screen: Screen
    others: list[Reply] = field(default_factory=list)


def name_in(entry: Entry) -> str:
    """What the entry is about: a project's or an organization's name, "" while it has none."""
    name = "name" if entry.kind == "registration" else duplicates.projected(entry.form, "name")
    return str(entry.answers.get(name, Answer("")).value or "")


def kept(entry: Entry) -> Screen:
    """The entry lies as a draft."""
    text = templates.render("wizard.kept", name=name_in(entry))
    return Screen(text, [[button("resume", step(entry, "go_on"))], [button("home", Go(to="home"))]])


async def give_up(turn: Turn, entry: Entry) -> Screen:
    """Asks whether the entry shall be put away for good; a correction is given up at once."""
    if entry.purpose == "correct":
        await asked.forget(turn.state)
        return await cancel(turn, entry)
    await asked.remember_discarding(turn.state, entry)
    rows = [
        [button("discard_really", step(entry, "discard!"))],
        [button("resume", step(entry, "go_on"))],
    ]
    return Screen(templates.render("wizard.discard", name=name_in(entry)), rows)


async def discard(turn: Turn, entry: Entry) -> Screen:
    """Puts the entry away for good."""
    if entry.kind == "filing":
        await filings.discard(turn.session, turn.actor, entry.id, turn.now)
    else:
        await organizations.discard(turn.session, entry, turn.now)
    return Screen(templates.render("wizard.discarded"), [[button("home", Go(to="home"))]])


async def cancel(turn: Turn, entry: Entry) -> Screen:
    """Gives a correction up."""
    await filings.cancel_correction(turn.session, turn.actor, entry.id, turn.now)
    rows = [[button("mine", Own(act="list")), button("home", Go(to="home"))]]
    return Screen(templates.render("wizard.cancelled"), rows)


async def submit(turn: Turn, entry: Entry) -> Done:
    """Submits a complete entry."""
    if entry.kind == "filing":
        return Done(await _file(turn, entry))
    done = await organizations.submit(turn.session, turn.actor, turn.catalog, entry, turn.now)
    if done.created:
        text = templates.render("organizations.registered", name=done.organization.name)
        return Done(Screen(text, [[button("file", Go(to="file"))], [button("home", Go(to="home"))]]))
    if entry.purpose == "amend":
        text = templates.render("organizations.amended", name=done.organization.name)
        return Done(Screen(text, [[button("home", Go(to="home"))]]))
    text = templates.render("organizations.requested")
    return Done(Screen(text, [[button("home", Go(to="home"))]]), await _ask_members(turn, done))


async def _file(turn: Turn, entry: Entry) -> Screen:
    filing = await filings.submit(turn.session, turn.actor, entry, turn.now)
    assert entry.notice is not None
    organization = await organizations.own(turn.session, turn.actor, filing.organization_id)
    await events.note_filing(
        turn.session,
        organization,
        notice=entry.notice.slug,
        name=name_in(entry),
        version=filing.version,
        by=turn.actor.id,
        contact=turn.actor.person.name,
        now=turn.now,
    )
    text = templates.render(
        "filing.submitted",
        title=entry.form.title,
        name=name_in(entry),
        version=filing.version,
        closes=entry.notice.filing(entry.form.name).window.closes,
    )
    again = Begin(
        notice=entry.notice.key,
        form=entry.notice.forms.index(entry.form),
        organization=filing.organization_id,
    )
    rows = [
        [button("another", again), button("copy", Own(act="copy", id=entry.id))],
        [button("mine", Own(act="list")), button("home", Go(to="home"))],
    ]
    return Screen(text, rows)


async def _ask_members(turn: Turn, done: Registration) -> list[Reply]:
    """The question to everybody who may approve the request."""
    request = done.membership
    text = templates.render(
        "organizations.request",
        organization=done.organization.name,
        contact=request.contact or turn.actor.person.name,
        phone=request.phone,
    )
    row = [
        button("approve", Membership(act="approve", id=request.id or 0)),
        button("refuse", Membership(act="refuse", id=request.id or 0)),
    ]
    people = await memberships.deciders(turn.session, request.organization_id, turn.channel)
    return [send(person.chat_id, Screen(text, [row])) for person in people]
