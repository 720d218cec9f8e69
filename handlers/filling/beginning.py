"""Starting a filing or a registration: which form, which organization, and what lies unfinished."""

from aiogram import Router
from aiogram.types import CallbackQuery

import templates
from handlers.callbacks import Begin, Go, Own, Register
from handlers.filling import telling, wizard
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Row, Screen, button, show
from registration import duplicates, filings, organizations, windows
from registration.refusals import NotYours
from registration.windows import Offer
from storage.filing_queries import FilingItem
from storage.organizations import OrganizationItem

router = Router(name="beginning")
SHOWN_DRAFTS = 3


async def choose(turn: Turn) -> Screen:
    """The way into a new filing: registration first, then drafts that lie there, then the form."""
    own = await organizations.all_own(turn.session, turn.actor)
    if not own:
        return await _without_organization(turn)
    offers = windows.require_offers(turn.catalog, turn.now, frozenset(item.kind for item in own))
    drafts = await filings.drafts(turn.session, turn.actor, SHOWN_DRAFTS)
    if drafts:
        return await _drafts_or_new(turn, drafts, offers)
    return await _which(turn, offers, own)


async def _without_organization(turn: Turn) -> Screen:
    if any(item.state == "pending" for item in turn.actor.memberships):
        rows = [[button("register_another", Go(to="register"))], [button("home", Go(to="home"))]]
        return Screen(templates.render("filing.pending_only"), rows)
    return (await register(turn)).under(templates.render("filing.register_first"))


async def _drafts_or_new(turn: Turn, drafts: list[FilingItem], offers: list[Offer]) -> Screen:
    rows: list[Row] = []
    for draft in drafts:
        _, form = windows.find_form(turn.catalog, draft.notice, draft.form)
        name = duplicates.shown_name(form, draft.answers) or templates.plain("filing.unnamed")
        rows.append([button("filing", Own(act="resume", id=draft.id), state="draft", name=name)])
    rows.append([button("another", Go(to="new"))])
    total = await filings.count_drafts(turn.session, turn.actor)
    return Screen(templates.render("filing.drafts", count=total), rows)


async def choose_new(turn: Turn) -> Screen:
    """The same without looking at drafts."""
    own = await organizations.all_own(turn.session, turn.actor)
    offers = windows.require_offers(turn.catalog, turn.now, frozenset(item.kind for item in own))
    return await _which(turn, offers, own)


async def _which(turn: Turn, offers: list[Offer], own: list[OrganizationItem]) -> Screen:
    """Asks for the form, then for the organization, where there is a choice; else begins at once."""
    if len(offers) > 1:
        rows = [[button("text", _begin(offer), text=offer.form.short_title)] for offer in offers]
        return Screen(templates.render("filing.choose_form"), rows)
    fitting = [item for item in own if item.kind in offers[0].filing.filers]
    if len(fitting) > 1:
        rows = [[button("text", _begin(offers[0], item.id), text=item.name)] for item in fitting]
        return Screen(templates.render("filing.choose_organization"), rows)
    return await start(turn, offers[0], fitting[0].id)


def _begin(offer: Offer, organization_id: int = 0) -> Begin:
    place = offer.notice.forms.index(offer.form)
    return Begin(notice=offer.notice.key, form=place, organization=organization_id)


async def start(turn: Turn, offer: Offer, organization_id: int) -> Screen:
    """A new draft and its first question."""
    entry = await filings.start(
        turn.session,
        turn.actor,
        turn.catalog,
        offer.notice.slug,
        offer.form.name,
        organization_id,
        turn.now,
    )
    return await telling.begin(turn, entry)


@router.callback_query(Begin.filter())
async def on_begin(query: CallbackQuery, callback_data: Begin, turn: Turn) -> list[Reply]:
    """A form, or a form and an organization, were chosen."""
    offer = windows.find_offer(turn.catalog, callback_data.notice, callback_data.form, turn.now)
    if callback_data.organization:
        return show(query, await start(turn, offer, callback_data.organization))
    own = await organizations.all_own(turn.session, turn.actor)
    return show(query, await _which(turn, [offer], own))


async def register(turn: Turn) -> Screen:
    """The way into a registration: the kind of party first, where several are wanted."""
    filers = windows.wanted_filers(turn.catalog, turn.now)
    if len(filers) == 1:
        return await start_registration(turn, 0)
    rows = [[button("text", Register(filer=number), text=filer.title)] for number, filer in enumerate(filers)]
    return Screen(templates.render("organizations.choose_kind"), rows)


async def start_registration(turn: Turn, number: int) -> Screen:
    """A registration of the chosen kind of party and its first question."""
    filers = windows.wanted_filers(turn.catalog, turn.now)
    if number >= len(filers):
        raise NotYours
    entry = await organizations.begin(turn.session, turn.actor, turn.catalog, filers[number].kind, turn.now)
    return await wizard.proceed(turn, entry)


@router.callback_query(Register.filter())
async def on_register(query: CallbackQuery, callback_data: Register, turn: Turn) -> list[Reply]:
    """A kind of party was chosen."""
    return show(query, await start_registration(turn, callback_data.filer))
