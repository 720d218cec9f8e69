"""`xingcun invite`: a one-time invite to a staff role, as a code and as a link."""

from urllib.parse import urlencode

import divisions
import notices
import templates
from bot.clock import real_now
from bot.commands.export import ExportRefused, city_scope
from bot.secrets import keep_trial_secrets
from bot.settings import Settings
from registration import invites
from storage.database import Database, DatabaseError
from storage.scopes import Scope


class InviteRefused(Exception):
    """No invite can be made; the message is one sentence that says why."""


async def make_invite(
    settings: Settings, role: str, city: str | None, hours: int, province: str | None = None
) -> str:
    """What to hand to the person invited: code, link and how long they hold.

    Without a `province` it is that of the first notice that collects something. Raises InviteRefused for a
    role, city or province nobody knows, and for a database out of reach.
    """
    scope = _scope(role, city, province)
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


def _scope(role: str, city: str | None, province: str | None) -> Scope:
    provinces = _provinces()
    if province is not None:
        provinces = [_named(provinces, province)]
    if role == "province" and city is None:
        return Scope("province", provinces[0])
    if role == "city" and city is not None:
        try:
            return city_scope(provinces, city)
        except ExportRefused as error:
            raise InviteRefused(str(error)) from error
    raise InviteRefused("--role: either province, or city together with --city")


def _provinces() -> list[str]:
    """The provinces of the published notices, those that collect something first."""
    published = sorted(notices.load().notices, key=lambda notice: not notice.filings)
    if not published:
        raise InviteRefused("no notice is published, so there is nothing for staff to see")
    return list(dict.fromkeys(notice.province for notice in published))


def _named(provinces: list[str], name: str) -> str:
    known = {code: divisions.get(code).name for code in provinces}
    for code, full in known.items():
        if name in (code, full, full.removesuffix("省")):
            return code
    raise InviteRefused(f"--province: {name!r} is not one of {', '.join(known.values())}")


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
