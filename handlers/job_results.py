"""A job's result comes back as an update of its chat; this router hands it to the conversation that asked.

The router stands first: no other handler may take a job's result for a message of the person.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import CallableObject
from aiogram.types import Message

from handlers.outgoing import Replies


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a job ended: `result` as the job returned it, or `failed` when it was given up."""

    id: int
    kind: str
    payload: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)
    failed: bool = False


JobHandler = Callable[..., Awaitable[Replies]]


def route_job_results(handlers: dict[str, JobHandler]) -> Router:
    """A router that gives each result to the handler of its kind.

    A handler takes `job: JobResult` and whatever else by parameter name, as any handler does but without the
    event, and returns its replies. A kind without a handler ends silently.
    """
    router = Router(name="job results")

    async def is_job_result(_event: Message, job: JobResult | None = None) -> bool:
        return job is not None

    async def hand_over(_event: Message, job: JobResult, **context: Any) -> Replies:
        handler = handlers.get(job.kind)
        if handler is None:
            return None
        replies: Replies = await CallableObject(handler).call(job=job, **context)
        return replies

    router.message.register(hand_over, is_job_result)
    return router
