"""Which sheet of an edition a filing stands in."""

from exports.values import Sources, ancestry
from notices.tables import Edition
from storage.export_rows import FiledRow
from storage.scopes import Scope


class SheetChoice:
    """Chooses the sheet for each filing: the first whose conditions it meets."""

    def __init__(self, edition: Edition, sources: Sources, scope: Scope) -> None:
        self._scope = scope
        self._sheets = [
            (
                sheet.homes == "inside",
                sources.fits(sheet.among),
                [sources.fits((condition,)) for condition in sheet.unless],
            )
            for sheet in edition.sheets
        ]

    def of(self, row: FiledRow) -> int | None:
        """The sheet's place in the edition, from 0; None when the filing stands in none."""
        for index, (inside, among, unless) in enumerate(self._sheets):
            if inside and not self._is_inside(row):
                continue
            if among(row) and not any(fits(row) for fits in unless):
                return index
        return None

    def _is_inside(self, row: FiledRow) -> bool:
        # A home that is only the province would stand in the province's sum and in no city's table.
        in_no_city = self._scope.role == "province" and row.home == self._scope.code
        return self._scope.code in ancestry(row.home) and not in_no_city
