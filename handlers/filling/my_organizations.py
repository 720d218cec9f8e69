"""我的单位: the organizations a person acts for, their facts, and requests to join them."""

from aiogram import Router
from aiogram.types import CallbackQuery

import forms
import templates
from forms.model import Answer
from handlers.callbacks import Go, Membership, Organizations
from handlers.filling import wizard
from handlers.filling.wizard_screens import shown
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Row, Screen, button, chat_of, send, show, toast, without
from registration import entries, memberships, organizations

router = Router(name="my organizations")


async def index(turn: Turn) -> Screen:
    """All organizations the person acts for; the only one is opened at once."""
    own = await organizations.all_own(turn.session, turn.actor)
    if len(own) == 1:
        return await card(turn, own[0].id)
    rows: list[Row] = [
        [button("text", Organizations(act="open", id=item.id), text=item.name)] for item in own
    ]
    add = button("register_another" if own else "register", Go(to="register"))
    text = templates.render("organizations.list", count=len(own))
    return Screen(text, [*rows, [add], [button("home", Go(to="home"))]])


async def card(turn: Turn, organization_id: int) -> Screen:
    """An organization's facts."""
    organization = await organizations.own(turn.session, turn.actor, organization_id)
    form = entries.registration_form(turn.catalog, organization.kind, "amend")
    answers = entries.read_answers(organization.answers)
    text = templates.render(
        "organizations.opened",
        title=organization.name or form.title,
        lines=[
            {"label": item.label, "value": shown(item, answers.get(item.name, Answer(None)))}
            for item in forms.relevant_fields(form, answers)
            if item.name != "name"
        ],
        verified=organization.verified_at is not None,
        members=await memberships.count(turn.session, organization_id, turn.channel),
    )
    rows = [
        [button("correct", Organizations(act="amend", id=organization_id)), button("file", Go(to="file"))],
        [button("register_another", Go(to="register")), button("home", Go(to="home"))],
    ]
    return Screen(text, rows)


@router.callback_query(Organizations.filter())
async def on_organization(query: CallbackQuery, callback_data: Organizations, turn: Turn) -> list[Reply]:
    """Opens an organization, or its facts for change."""
    if callback_data.act != "amend":
        return show(query, await card(turn, callback_data.id))
    entry = await organizations.begin_amendment(
        turn.session, turn.actor, turn.catalog, callback_data.id, turn.now
    )
    return show(query, await wizard.proceed(turn, entry))


@router.callback_query(Membership.filter())
async def on_request(query: CallbackQuery, callback_data: Membership, turn: Turn) -> list[Reply]:
    """A member decides on a request to join; who asked hears of it."""
    approve = callback_data.act == "approve"
    request = await memberships.decide(
        turn.session, turn.actor, callback_data.id, approve=approve, now=turn.now
    )
    macro = "approved_by_you" if approve else "refused_by_you"
    name = request.organization.name
    contact = request.membership.contact or request.person.name
    text = templates.render(f"organizations.{macro}", organization=name, contact=contact)
    ways = [Membership(act=act, id=callback_data.id) for act in ("approve", "refuse")]
    told = [toast(query), *without(query, *ways), send(chat_of(query), Screen(text))]
    if approve:
        said = templates.render("organizations.approved", organization=name)
        answer = Screen(said, [[button("file", Go(to="file"))], [button("home", Go(to="home"))]])
    else:
        answer = Screen(templates.render("organizations.refused"), [[button("home", Go(to="home"))]])
    return [*told, send(request.person.chat_id, answer)]
