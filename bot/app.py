"""The composition root: everything is made here, handed on by parameter, started and stopped in order."""

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, Self

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer

import notices
import templates
from bot.answers import KeepingSession
from bot.apart import Apart
from bot.clock import Clock, real_now, set_clock
from bot.database_lock import hold_database
from bot.deliveries import Deliveries
from bot.intake import AnotherPoller, Intake, TokenRefused
from bot.jobs import Job, JobWorker, Tools
from bot.pacing import Pacing
from bot.processing import Processing
from bot.scheduling import Scheduling
from bot.secrets import keep_trial_secrets
from bot.sending import Sending, settle_lost
from bot.settings import Settings
from bot.warming import warm_later
from policy import Engine
from storage import jobs
from storage.database import Database
from storage.files import FileStore
from storage.leadership import seek_leadership
from webchat import Faults, WebChat

LEADER_SECONDS = 2.0
TRIAL_RATE = 50.0

log = structlog.get_logger(__name__)


class App:
    """The running program: `async with App(settings, …) as app: await app.wait()`."""

    def __init__(
        self,
        settings: Settings,
        dispatcher: Dispatcher,
        job_kinds: Mapping[str, Job],
        catalog: notices.Catalog | None = None,
    ) -> None:
        self.settings, self._dispatcher, self._job_kinds = settings, dispatcher, job_kinds
        self.catalog = catalog or notices.load()
        self.clock = Clock()
        self.webchat: WebChat | None = None
        self.database: Database
        self.bot: Bot
        self._worker = f"{socket.gethostname()}-{os.getpid()}"
        self._stopped = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Starts everything; raises what makes a start impossible (BadSettings and the like, OSError)."""
        try:
            await self._start()
        except BaseException:
            await self._open.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Takes no more updates, finishes what is under way, lets replies leave, closes everything."""
        self.stop()
        await self._drain()
        await self._open.aclose()

    async def wait(self) -> None:
        """Returns after `stop`; raises what ended a part of the program."""
        stopped = asyncio.create_task(self._stopped.wait())
        await asyncio.wait([stopped, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in self._tasks:
            if task.done() and not self._stopped.is_set():
                task.result()

    def stop(self) -> None:
        """Makes `wait` return."""
        self._stopped.set()

    async def _start(self) -> None:
        folder = self.settings.data_dir
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.database = Database.open(self.settings.database_address, synchronous=self.settings.synchronous)
        self._open.push_async_callback(self.database.close)
        if self.settings.database_file is not None:
            self._open.enter_context(hold_database(self.settings.database_file))
        await self.database.upgrade()
        self._files = FileStore(folder / "files")
        async with self.database.transaction() as session:
            self.clock = await set_clock(session, self.settings, self.catalog)
            await self._files.sweep(session, real_now())
            if self.database.is_sqlite:
                await jobs.release(session)
        self.bot = await self._open_bot()
        self._open.push_async_callback(self.bot.session.close)
        self._start_parts()

    async def _open_bot(self) -> Bot:
        token, server = self.settings.bot_token, PRODUCTION
        if token is None:
            self.webchat = await self._start_webchat()
            server = TelegramAPIServer.from_base(self.webchat.api_url)
            text = keep_trial_secrets(self.settings.data_dir).token
        else:
            text = token.get_secret_value()
        if self.settings.bot_api_url is not None and token is not None:
            server = TelegramAPIServer.from_base(self.settings.bot_api_url)
        defaults = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
        return Bot(text, session=KeepingSession(api=server), default=defaults)

    async def _start_webchat(self) -> WebChat:
        secrets = keep_trial_secrets(self.settings.data_dir)
        key = self.settings.webchat_key.get_secret_value() if self.settings.webchat_key else secrets.key
        webchat = WebChat(
            folder=self.settings.data_dir / "webchat",
            key=key,
            token=secrets.token,
            port=self.settings.webchat_port,
            banner=self._banner,
            faults=Faults() if self.settings.webchat_faults else None,
        )
        await webchat.start()
        self._open.push_async_callback(webchat.stop)
        return webchat

    def _banner(self) -> str:
        if not self.clock.shifted:
            return ""
        return templates.plain("program.trial_clock", now=self.clock.now())

    def _start_parts(self) -> None:
        settings = self.settings
        engine = Engine(self.catalog)
        self._open.callback(warm_later(engine))
        context: dict[str, Any] = {
            "catalog": self.catalog,
            "engine": engine,
            "channel": settings.channel,
            "settings": settings,
            "files": self._files,
        }
        self._processing = Processing(
            self.database, self._dispatcher, self.bot, self.clock, settings.channel, context
        )
        apart = Apart()
        self._open.callback(apart.close)
        tools = Tools(self.database, self._files, self.catalog, self.clock, settings, apart, self.bot)
        worker = JobWorker(
            self.database,
            tools,
            self._job_kinds,
            self._processing.has_jobs,
            self._processing.wake,
            worker=self._worker,
        )
        self._begin(self._processing.run(), "processing")
        self._begin(worker.run(), "jobs")
        self._begin(self._lead(), "leading")

    def _begin(self, part: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(part, name=name))

    async def _lead(self) -> None:
        """Receives and sends while this process leads; waits for its turn while another does.

        A database that goes away is waited for; AnotherPoller and TokenRefused end the program.
        """
        while True:
            try:
                async with seek_leadership(self.database) as leadership:
                    if leadership is not None:
                        await self._receive_and_send(leadership.holds)
            except (AnotherPoller, TokenRefused):
                raise
            except Exception:
                log.exception("cannot lead for now")
            await asyncio.sleep(LEADER_SECONDS)

    async def _receive_and_send(self, leads: Callable[[], Coroutine[Any, Any, bool]]) -> None:
        self._sending = self._make_sending()
        async with self.database.transaction() as session:
            await settle_lost(session, everything=True)
            await self._sending.take_up_stop(session)
        intake = asyncio.create_task(Intake(self.database, self.bot, self._processing.wake).run())
        sending = asyncio.create_task(self._sending.run())
        scheduling = asyncio.create_task(self._make_scheduling().run())
        parts = [intake, sending, scheduling]
        try:
            while await leads():
                done, _ = await asyncio.wait(
                    parts, timeout=LEADER_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    task.result()
            log.warning("leadership lost")
        finally:
            await _cancel([intake, scheduling])
            if self._stopped.is_set():
                await self._let_replies_leave(sending)
            await _cancel(parts)
            self._processing.has_calls.close()

    def _rates(self) -> tuple[float, float]:
        overall, chat = self.settings.rate_overall, self.settings.rate_chat
        if self.settings.trial:
            return max(overall, TRIAL_RATE), max(chat, TRIAL_RATE)
        return overall, chat

    def _make_scheduling(self) -> Scheduling:
        return Scheduling(
            self.database,
            self.catalog,
            self.clock,
            self.settings.channel,
            self.bot.id,
            self._processing.has_calls,
            rate=self._rates()[0],
        )

    def _make_sending(self) -> Sending:
        settings = self.settings
        overall, chat = self._rates()
        return Sending(
            self.database,
            self.bot,
            self._files,
            Pacing(overall, chat, settings.burst_chat),
            self._processing.has_calls,
            worker=self._worker,
            channel=settings.channel,
            letters=Deliveries(self.catalog, self.clock, settings.channel, self.bot.id),
        )

    async def _let_replies_leave(self, sending: "asyncio.Task[None]") -> None:
        self._processing.stop()
        processing = [task for task in self._tasks if task.get_name() == "processing"]
        await asyncio.wait(processing, timeout=self.settings.drain_seconds)
        self._sending.stop()
        await asyncio.wait([sending], timeout=self.settings.drain_seconds)

    async def _drain(self) -> None:
        self._processing.stop()
        named = {task.get_name(): task for task in self._tasks}
        await _cancel([named["leading"], named["jobs"]])
        await asyncio.wait([named["processing"]], timeout=self.settings.drain_seconds)
        await _cancel([named["processing"]])


async def _cancel(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
