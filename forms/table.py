"""Every kind of field: how its words are read, its value shown, and exported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.kinds import choice, count, credit_code, money, period, phone, region, texts
from forms.model import Answer, Context, Field, FieldType, Reading


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of field can do. `read` never raises, whatever the text."""

    read: Callable[[Field, str, Context], Reading]
    show: Callable[[Field, Answer], str]
    export_value: Callable[[Field, Answer], Any]


KINDS: Mapping[FieldType, Kind] = {
    "text": Kind(texts.read_text, texts.show, texts.export_value),
    "long_text": Kind(texts.read_long_text, texts.show, texts.export_value),
    "choice": Kind(choice.read, choice.show, choice.export_value),
    "region": Kind(region.read, region.show, region.export_value),
    "money": Kind(money.read, money.show, money.export_value),
    "count": Kind(count.read, count.show, count.export_value),
    "period": Kind(period.read, period.show, period.export_value),
    "date": Kind(period.read_date, period.show_date, period.show_date),
    "phone": Kind(phone.read, phone.show, phone.export_value),
    "email": Kind(texts.read_email, texts.show, texts.export_value),
    "credit_code": Kind(credit_code.read, credit_code.show, credit_code.export_value),
    "file": Kind(texts.read_file, texts.show, texts.export_value),
}
