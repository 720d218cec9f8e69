"""How an entry ends: kept, put away, submitted, a correction given up."""

import templates
from forms.model import Answer
from handlers import asked
from handlers.callbacks import Begin, Go, Own
from handlers.filling.wizard_screens import step
from handlers.identity import Turn
from handlers.screens import Screen, button
from registration import duplicates, filings, organizations
from registration.entries import Entry
from reminders import events


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


async def submit(turn: Turn, entry: Entry) -> Screen:
    """Submits a complete entry."""
    if entry.kind == "filing":
        return await _file(turn, entry)
    done = await organizations.submit(turn.session, turn.actor, turn.catalog, entry, turn.now)
    if done.created:
        text = templates.render("organizations.registered", name=done.organization.name)
        return Screen(text, [[button("file", Go(to="file"))], [button("home", Go(to="home"))]])
    if entry.purpose == "amend":
        text = templates.render("organizations.amended", name=done.organization.name)
        return Screen(text, [[button("home", Go(to="home"))]])
    contact = done.membership.contact or turn.actor.person.name
    await events.note_request(turn.session, done.organization, done.membership, contact, turn.now)
    return Screen(templates.render("organizations.requested"), [[button("home", Go(to="home"))]])


async def _file(turn: Turn, entry: Entry) -> Screen:
    filing = await filings.submit(turn.session, turn.actor, entry, turn.now)
    assert entry.notice is not None
    organization = await organizations.own(turn.session, turn.actor, filing.organization_id)
    await events.note_filing(
        turn.session,
        organization,
        notice=entry.notice,
        name=name_in(entry),
        version=filing.version,
        by=turn.actor.id,
        contact=turn.actor.name_in(organization.id),
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
