"""Slow work outside any transaction: claimed, done, and its result put into the inbox."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from aiogram import Bot

from bot.apart import Apart
from bot.clock import Clock, real_now
from bot.kill_points import pass_point
from bot.settings import Settings
from bot.wakes import Wake
from notices import Catalog
from storage import jobs
from storage.database import Database
from storage.files import FileStore
from storage.jobs import JobItem

IDLE_SECONDS = 2.0
JOB_SECONDS = 600.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a job may use: it opens transactions of its own, none while it waits, and computes `apart`."""

    database: Database
    files: FileStore
    catalog: Catalog
    clock: Clock
    settings: Settings
    apart: Apart
    bot: Bot

    def now(self) -> datetime:
        """The domain's time."""
        return self.clock.now()


Job = Callable[[Mapping[str, Any], Tools], Awaitable[dict[str, Any]]]


class JobWorker:
    """Does jobs one at a time as `worker`; `kinds` maps a kind to its function."""

    def __init__(
        self,
        database: Database,
        tools: Tools,
        kinds: Mapping[str, Job],
        has_jobs: Wake,
        has_results: Wake,
        *,
        worker: str,
    ) -> None:
        self._database, self._tools, self._kinds = database, tools, kinds
        self._wake, self._has_results, self._worker = has_jobs, has_results, worker

    async def run(self) -> None:
        """Works until cancelled; a job cut short is done again by the next worker."""
        while True:
            try:
                if not await self.work():
                    await self._wake.wait(IDLE_SECONDS)
            except Exception:
                log.exception("jobs out of reach")
                await asyncio.sleep(IDLE_SECONDS)

    async def work(self) -> bool:
        """One job; False when none is due."""
        async with self._database.transaction() as session:
            claimed = await jobs.claim(session, self._worker, 1, real_now())
        if not claimed:
            return False
        await self._do(claimed[0])
        self._has_results.ring()
        return True

    async def _do(self, job: JobItem) -> None:
        lease = asyncio.create_task(self._keep_lease(job))
        try:
            async with asyncio.timeout(JOB_SECONDS):
                result = await self._kinds[job.kind](job.payload, self._tools)
            pass_point("in_job")
        except Exception as error:
            log.exception("job failed", kind=job.kind, job=job.id, attempt=job.attempts)
            await self._end(job, failure=type(error).__name__)
        else:
            await self._end(job, result=result)
        finally:
            lease.cancel()
            with suppress(asyncio.CancelledError):
                await lease

    async def _end(self, job: JobItem, *, result: dict[str, Any] | None = None, failure: str = "") -> None:
        async with self._database.transaction() as session:
            if result is None:
                kept = await jobs.fail(session, self._worker, job, failure, real_now())
            else:
                kept = await jobs.finish(session, self._worker, job, result, real_now())
        if not kept:
            log.warning("job was retaken by another worker", kind=job.kind, job=job.id)

    async def _keep_lease(self, job: JobItem) -> None:
        while True:
            await asyncio.sleep(jobs.LEASE.total_seconds() / 3)
            async with self._database.transaction() as session:
                await jobs.extend(session, self._worker, job, real_now())
