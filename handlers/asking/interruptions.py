"""Questions in the middle of a form: answered, and what the form waits for is shown again, nothing lost."""

import re
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import Message

import forms
import policy
import templates
from forms.model import Field, Reading
from handlers import asked
from handlers.asked import Asked
from handlers.asking import answers
from handlers.filling import pending, wizard
from handlers.filling.paragraphs import MEASURED
from handlers.filling.wizard_screens import step
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Screen, button, send, show
from policy import Engine
from registration import entries
from registration.entries import Entry

router = Router(name="questions in forms")

ABOUT_THIS_FIELD = re.compile(
    r"(请问|那|这|那么)?(这|那|本)?(个|一)?(项|步|题|栏|空|格|里|块)?(要|该|应该|到底)?"
    r"(怎么|咋|如何|怎样|咋样)(填写|填|写|弄|选|报)(才对|呀|啊|呢|吗|好)?"
)
ABOUT_FILLING = re.compile(r"(怎么|咋|如何|怎样)(填|写|选|算)")
NARRATIVE = 200
NARRATED = ("text", "long_text")
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Interruption:
    """A question asked in the middle of a form."""

    words: str
    entry: Entry
    before: Asked
    field: Field | None

    @property
    def notice(self) -> str | None:
        """The notice that is being filed under."""
        return self.entry.notice.slug if self.entry.notice else None


class AsksInForm(BaseFilter):
    """Passes when a question comes where a form waits for something, and gives `interruption`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        words = (message.text or "").strip()
        if not words or words.startswith("/") or not asks(words):
            return False
        found = await interruption(turn, words)
        if found is None or (found.field and answers_field(turn, found.entry, found.field, words)):
            return False
        return {"interruption": found}


class Puzzles(BaseFilter):
    """Passes for words that are no answer to the field but that the notices surely answer: 截止日期."""

    async def __call__(self, message: Message, turn: Turn, engine: Engine) -> bool | dict[str, Any]:
        words = (message.text or "").strip()
        if not 4 <= len(words) <= NARRATIVE or words.startswith("/") or re.search(r"\d", words):
            return False
        found = await interruption(turn, words)
        if found is None or found.field is None or found.field.type not in MEASURED:
            return False
        reading = forms.read(found.field, words, wizard.context_for(turn, found.entry))
        if reading.complaint is None or reading.candidates:
            return False
        outcome = await answers.consult(turn, engine, words, found.notice)
        sure = outcome.kind == "answered" and outcome.chance >= SURE
        return {"interruption": found} if sure else False


async def interruption(turn: Turn, words: str) -> Interruption | None:
    """Where words break into a form; None when none is being filled."""
    before = await asked.recall(turn.state)
    entry = await wizard.recalled(turn, before) if before else None
    if before is None or entry is None:
        return None
    return Interruption(words, entry, before, pending.awaited(entry, before))


def asks(words: str) -> bool:
    """Whether words are a question, on the notices or on the field that is being filled.

    A long story may ask something in passing; it is a question only where it ends as one.
    """
    if len(words) > NARRATIVE:
        return ends_asking(words)
    return policy.looks_like_question(words) or is_about_this_field(words)


def ends_asking(words: str) -> bool:
    """Whether the last clause is a question, mark and all."""
    clauses = re.findall(r"[^\s,，。.;；!！]+", words)
    return bool(clauses) and policy.looks_like_question(clauses[-1])


def is_about_this_field(words: str) -> bool:
    """这一项怎么填 and its like, which name no field."""
    return bool(ABOUT_THIS_FIELD.fullmatch(re.sub(r"[\s,，。.!！?？~…]+", "", words)))


def answers_field(turn: Turn, entry: Entry, field: Field, words: str) -> bool:
    """Whether words are an answer although they look like a question: 泗阳县？ is a place."""
    bare = words.rstrip("?？ ")
    if field.type in NARRATED or asks(bare):
        return False
    return forms.read(field, bare, wizard.context_for(turn, entry)).complaint is None


async def on_interruption(
    message: Message, interruption: Interruption, turn: Turn, engine: Engine
) -> list[Reply]:
    """Answers, then shows again what the form waits for."""
    field = interruption.field
    if field is not None and is_about_this_field(interruption.words):
        return show(message, (await _again(turn, interruption)).under(guidance(field)))
    answered = await answers.ask(turn, engine, interruption.words, interruption.notice)
    explained = field_asked_about(interruption.entry, interruption.words)
    if answered.outcome.kind != "answered" and explained is not None:
        return show(message, (await _again(turn, interruption)).under(guidance(explained)))
    screen = answers.screen(turn, answered, way_home=False)
    again = (await _again(turn, interruption)).under(templates.render("questions.back_to_form"))
    return [send(message.chat.id, screen), send(message.chat.id, again)]


# In this order: what plainly is a question needs no look at what the engine would say.
router.message.register(on_interruption, AsksInForm())
router.message.register(on_interruption, Puzzles())


async def _again(turn: Turn, asked_now: Interruption) -> Screen:
    """What the form waits for; with a button for words that may have been an answer after all."""
    screen = await pending.shown_again(turn, asked_now.entry, asked_now.before)
    field, entry = asked_now.field, asked_now.entry
    in_doubt = asked_now.before.words and not asked_now.before.set_aside
    if field is None or in_doubt or field.type not in NARRATED:
        return screen
    reading = forms.read(field, asked_now.words, wizard.context_for(turn, entry))
    if is_about_this_field(asked_now.words) or not _may_stand(entry, field, reading):
        return screen
    await pending.set_aside(turn, entry, field, asked_now.words)
    return Screen(screen.text, [*screen.rows, [button("meant_as_answer", step(entry, "pick", field))]])


def _may_stand(entry: Entry, field: Field, reading: Reading) -> bool:
    if not reading.firm or reading.answer is None:
        return False
    return entries.complaint_about(field, reading.answer, entry.answers) is None


def guidance(field: Field) -> str:
    """How the pack says a field is filled, as HTML."""
    if not field.guidance:
        return templates.render("questions.no_guidance", label=field.label)
    return templates.render("wizard.guidance", label=field.label, guidance=field.guidance)


def field_asked_about(entry: Entry, words: str) -> Field | None:
    """The field named in a question of how it is filled; None for any other question."""
    if not ABOUT_FILLING.search(words):
        return None
    for field in entry.form.fields:
        if re.split(r"[（(]", field.label)[0].strip() in words:
            return field
    return None
