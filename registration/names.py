"""Names as duplicates compare them."""

import unicodedata


def fold(name: str) -> str:
    """The name without what people write differently: width, case, spaces, punctuation, invisible signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())
