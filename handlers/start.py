"""/start, /invite, consent, and the words and buttons that lead to pages."""

from datetime import datetime

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

import templates
from handlers import asked, home
from handlers.callbacks import Go
from handlers.filling import resuming, wizard
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.pages import page
from handlers.screens import Screen, show
from handlers.staff_words import scope_name
from handlers.words import UnknownCommand, Words
from registration import invites, windows
from registration.actors import agree

# A mention is not compared with the bot's name: that would ask Telegram in the middle of a transaction.
router = Router(name="start")


@router.message(CommandStart(ignore_mention=True))
async def on_start(message: Message, command: CommandObject, turn: Turn, real_now: datetime) -> list[Reply]:
    """An invite redeemed; an unfinished form offered; else the menu, or the first words for somebody new."""
    if command.args and invites.looks_like_code(command.args):
        return show(message, await redeem(turn, command.args, real_now))
    before = await asked.recall(turn.state)
    entry = await wizard.recalled(turn, before) if before else None
    if entry is None or windows.refusal(entry.notice, entry.form, turn.now):
        return show(message, await page(turn, "home"))
    return show(message, resuming.offer(entry))


@router.message(Command("invite", ignore_mention=True))
async def on_invite(message: Message, command: CommandObject, turn: Turn, real_now: datetime) -> list[Reply]:
    """An invite typed by hand."""
    if not command.args:
        return show(message, Screen(templates.render("invites.ask")))
    return show(message, await redeem(turn, command.args, real_now))


async def redeem(turn: Turn, code: str, real_now: datetime) -> Screen:
    """Grants what the invite stands for, and shows the menu with what is new in it."""
    scope = await invites.redeem(turn.session, turn.actor, code, turn.now, wall=real_now)
    if scope is None:
        return Screen(templates.render("invites.refused"))
    said = templates.render("invites.redeemed", place=scope_name(scope))
    return (await home.menu(turn.with_scope(scope))).under(said)


@router.message(Words())
async def on_word(message: Message, to: str, turn: Turn) -> list[Reply]:
    """A page asked for by command or word."""
    return show(message, await page(turn, to))


@router.message(UnknownCommand())
async def on_unknown_command(message: Message, turn: Turn) -> list[Reply]:
    """A command there is not is no answer to a question that may be open: that one stays."""
    screen = await page(turn, "help")
    return show(message, screen.under(templates.render("home.unknown_command")))


@router.callback_query(Go.filter())
async def on_go(query: CallbackQuery, callback_data: Go, turn: Turn) -> list[Reply]:
    """A page asked for by button."""
    if callback_data.to == "agree":
        await agree(turn.session, turn.actor, turn.now)
        return show(query, await home.menu(turn))
    return show(query, await page(turn, callback_data.to))
