"""Province, city, county: the tree, and finding a place in what a person typed."""

from divisions.search import Found, Mention, mentions, search
from divisions.spelling import warm
from divisions.tree import Division, children, exists, full_name, get, path, within

__all__ = [
    "Division",
    "Found",
    "Mention",
    "children",
    "exists",
    "full_name",
    "get",
    "mentions",
    "path",
    "search",
    "warm",
    "within",
]
