"""In whose name staff answer."""

import divisions
import templates
from notices import Catalog
from notices.model import Notice
from storage.scopes import Scope


def office_of(catalog: Catalog, scope: Scope, notice: Notice | None) -> str:
    """The office a scope stands for, named as the notice of its province does (徐州市民政局)."""
    place = divisions.get(scope.code).name
    for item in [notice, *catalog.notices] if notice else catalog.notices:
        if item is not None and item.province[:2] == scope.code[:2]:
            name = item.units.province if scope.role == "province" else item.units.city
            if name:
                return name.format(place=place)
    return templates.plain("questions.office", place=place)
