"""The form language: fields and their conditions, reading what people type, and which field comes next."""

from forms.model import (
    Answer,
    Answers,
    Choice,
    Complaint,
    Condition,
    Constraint,
    Context,
    Field,
    Form,
    Reading,
)
from forms.navigation import (
    Position,
    drop_irrelevant,
    is_relevant,
    missing_fields,
    next_field,
    position,
    previous_field,
    relevant_fields,
)
from forms.paragraph import Proposal, propose
from forms.reading import check, export_value, read, show

__all__ = [
    "Answer",
    "Answers",
    "Choice",
    "Complaint",
    "Condition",
    "Constraint",
    "Context",
    "Field",
    "Form",
    "Position",
    "Proposal",
    "Reading",
    "check",
    "drop_irrelevant",
    "export_value",
    "is_relevant",
    "missing_fields",
    "next_field",
    "position",
    "previous_field",
    "propose",
    "read",
    "relevant_fields",
    "show",
]
