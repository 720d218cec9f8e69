"""The notices: what a pack may say, loading packs, and checking them."""

from notices.catalog import PUBLISHED, BrokenPack, Catalog, load
from notices.checking import check
from notices.packs import Problem

__all__ = ["PUBLISHED", "BrokenPack", "Catalog", "Problem", "check", "load"]
