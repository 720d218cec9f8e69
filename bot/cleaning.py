"""What must not reach the database or a workbook: characters that neither can hold."""

import re
from typing import Any

# NUL breaks PostgreSQL's text, other controls and U+FFFE/FFFF break XML, lone surrogates break UTF-8.
UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(value: Any) -> Any:
    """The JSON value without such characters in any of its strings; the rest of each string stays."""
    match value:
        case str():
            return UNHOLDABLE.sub("", value)
        case dict():
            return {clean(key): clean(inner) for key, inner in value.items()}
        case list():
            return [clean(inner) for inner in value]
    return value
