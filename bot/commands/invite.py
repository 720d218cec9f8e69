"""`xingcun invite`: a one-time invite to a staff role, as a code and as a link."""

from urllib.parse import urlencode

import divisions
import notices
import templates
from bot.clock import real_now
from bot.commands.export import ExportRefused, city_scope
from bot.secrets import keep_trial_secrets
from bot.settings import Settings
from notices.model import Notice
from registration import invites
from storage.database import Database, DatabaseError
from storage.scopes import Scope


class InviteRefused(Exception):
    """No invite can be made; the message is one sentence that says why."""


async def make_invite(settings: Settings, role: str, city: str | None, hours: int) -> str:
    """What to hand to the person invited: code, link and how long they hold.

    Raises InviteRefused for a role or city nobody knows, and for a database out of reach.
    """
    scope = _scope(role, city)
    if hours < 1:
        raise InviteRefused("--hours: at least 1")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_address, synchronous=settings.synchronous)
    try:
        await database.upgrade()
        async with database.transaction() as session:
            code = await invites.issue(session, scope, hours=hours, wall=real_now())
    except (DatabaseError, OSError) as error:
        raise InviteRefused("XINGCUN_DATABASE_URL or XINGCUN_DATA_DIR: no database can be opened") from error
    finally:
        await database.close()
    return templates.plain(
        "invites.printed",
        place=divisions.get(scope.code).name,
        role=scope.role,
        code=code,
        hours=hours,
        link=await _link(settings, code),
    )


def _scope(role: str, city: str | None) -> Scope:
    notice = next((item for item in notices.load().notices if item.filings), None)
    if notice is None:
        raise InviteRefused("no notice collects anything, so there is nothing for staff to see")
    if role == "province" and city is None:
        return Scope("province", notice.province)
    if role == "city" and city is not None:
        return _city(notice, city)
    raise InviteRefused("--role: either province, or city together with --city")


def _city(notice: Notice, city: str) -> Scope:
    try:
        return city_scope(notice, city)
    except ExportRefused as error:
        raise InviteRefused(str(error)) from error


async def _link(settings: Settings, code: str) -> str:
    """The deep link; "" where the program's own address is not known before it runs."""
    if settings.bot_token is not None:
        name = await _bot_name(settings.bot_token.get_secret_value(), settings.bot_api_url)
        return f"https://t.me/{name}?start={code}" if name else ""
    if not settings.webchat_port:
        return ""
    kept = keep_trial_secrets(settings.data_dir).key
    key = settings.webchat_key.get_secret_value() if settings.webchat_key else kept
    return f"http://127.0.0.1:{settings.webchat_port}/?{urlencode({'key': key, 'start': code})}"


async def _bot_name(token: str, server: str | None) -> str | None:
    """The bot's user name as Telegram knows it; None when it cannot be asked."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
    from aiogram.exceptions import TelegramAPIError

    api = TelegramAPIServer.from_base(server) if server else PRODUCTION
    async with Bot(token, session=AiohttpSession(api=api, timeout=10)) as bot:
        try:
            return (await bot.me()).username
        except TelegramAPIError:
            return None
