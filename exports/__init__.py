"""Filings, as the notice's own tables."""

from exports.building import build, export, export_own, file_name, own_file_name
from exports.frame import Letterhead

__all__ = ["Letterhead", "build", "export", "export_own", "file_name", "own_file_name"]
