"""Question to cited passages, or to an honest refusal."""

from policy.engine import Engine
from policy.outcome import Outcome, Turn
from policy.recognising import looks_like_question
from policy.replying import reply

__all__ = ["Engine", "Outcome", "Turn", "looks_like_question", "reply"]
