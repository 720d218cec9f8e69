"""The dispatcher: who writes is looked up first, results of jobs come before everything a person says."""

from collections.abc import Iterable, Mapping

from aiogram import Dispatcher, Router

from bot.standings import TurnStorage
from handlers.identity import Identity
from handlers.job_results import JobHandler, route_job_results


def make_dispatcher(routers: Iterable[Router], job_results: Mapping[str, JobHandler]) -> Dispatcher:
    """A dispatcher over these routers, in their order."""
    dispatcher = Dispatcher(storage=TurnStorage())
    dispatcher.update.outer_middleware(Identity())
    dispatcher.include_router(_in_one([route_job_results(dict(job_results)), *routers]))
    return dispatcher


def _in_one(routers: Iterable[Router]) -> Router:
    """Their handlers in the same order: aiogram asks each router anew, at a price (docs/performance.md)."""
    one = Router(name="conversations")
    for router in routers:
        for kind, observer in router.observers.items():
            one.observers[kind].handlers += observer.handlers
    return one
