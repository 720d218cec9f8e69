"""The menu, consent, help."""

import templates
from handlers.callbacks import Desk, Go, Own, Queue
from handlers.identity import Turn
from handlers.screens import Row, Screen, button
from handlers.staff_words import scope_names
from registration import filings, questions, windows


def welcome() -> Screen:
    """Three lines about the bot and the question for consent."""
    rows = [
        [button("agree", Go(to="agree"))],
        [button("decline", Go(to="decline"))],
        [button("notices", Go(to="notices"))],
    ]
    return Screen(templates.render("home.welcome"), rows)


def declined() -> Screen:
    """What remains without consent."""
    rows = [[button("agree", Go(to="agree"))], [button("notices", Go(to="notices"))]]
    return Screen(templates.render("home.declined"), rows)


async def menu(turn: Turn) -> Screen:
    """What is open, what lies unfinished, and the ways on."""
    open_forms = [
        {
            "title": offer.form.title,
            "notice": offer.notice.citation,
            "closes": offer.filing.window.closes,
            "days": (offer.filing.window.closes.date() - turn.now.date()).days,
        }
        for offer in windows.offers(turn.catalog, turn.now)
    ]
    shut = None if open_forms else windows.nearest(turn.catalog, turn.now)
    text = templates.render(
        "home.menu",
        open=open_forms,
        shut=templates.as_html(templates.render(f"refusals.{shut.code}", **shut.params)) if shut else "",
        drafts=await filings.count_drafts(turn.session, turn.actor),
        organizations=len(turn.actor.organizations),
        staff=scope_names(turn.actor),
    )
    rows = [[button("file", Go(to="file")), button("mine", Own(act="list"))]]
    if not turn.actor.organizations:
        rows = [[button("register", Go(to="register"))]]
    else:
        rows.append([button("organizations", Go(to="organizations")), button("notices", Go(to="notices"))])
        rows.append([button("batch", Go(to="batch")), button("deadlines", Go(to="deadlines"))])
    if turn.actor.is_staff:
        rows.append([button("overview", Desk(act="overview")), button("export", Desk(act="tables"))])
        rows.append([button("broadcasts", Go(to="broadcasts"))])
        rows.append(await _questions(turn))
    if not turn.actor.organizations:
        rows.append([button("notices", Go(to="notices"))])
    return Screen(text, [*rows, [button("help", Go(to="help"))]])


async def _questions(turn: Turn) -> Row:
    """The way to the questions that wait in the person's scopes; nothing where none does."""
    count = await questions.count_waiting(turn.session, turn.actor, turn.channel)
    return [button("questions_waiting", Queue(act="list"), count=count)] if count else []


def help_page(turn: Turn) -> Screen:
    """The commands in a few lines."""
    text = templates.render("home.help")
    if turn.actor.is_staff:
        text += "\n\n" + templates.render("home.help_staff")
    return Screen(text, [[button("home", Go(to="home"))]])
