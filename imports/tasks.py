"""The task of reading a table for one form of a notice, from the notice's own layout."""

from collections.abc import Mapping
from datetime import date

from forms.model import Form
from imports.task import Task
from notices.model import Notice
from notices.tables import DetailTable


def table_for(notice: Notice, form: Form) -> DetailTable | None:
    """The notice's table with one row a filing of that form; None where it prints none, or wants a file."""
    if any(field.type == "file" and field.required for field in form.fields):
        return None
    for table in notice.tables:
        if isinstance(table, DetailTable) and table.form == form.name:
            return table
    return None


def task_for(notice: Notice, form: Form, organization: Mapping[str, str], today: date) -> Task:
    """What a table of `form`, sent in on `today` by that organization, is read for.

    `organization` holds its `name` and `credit_code`, as far as they are known.
    """
    table = table_for(notice, form)
    labels: dict[str, tuple[str, ...]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for column in table.columns if table else ():
        if column.field:
            labels[column.field] = (*labels.get(column.field, ()), column.label)
        elif column.organization:
            own[column.organization] = (*own.get(column.organization, ()), column.label)
    for kind in notice.filing(form.name).filers:
        for field in notice.filer(kind).form.fields:
            own[field.name] = (*own.get(field.name, ()), field.label)
    return Task(
        form=form,
        labels=labels,
        organization_labels=own,
        organization={name: value for name, value in organization.items() if value},
        today=today,
        regions=(notice.province, *notice.places),
        areas={word: area.regions for area in notice.areas for word in (area.name, *area.words)},
    )
