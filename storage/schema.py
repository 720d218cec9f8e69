"""Every table there is: a table module that is not named here is never made (a test looks)."""

from sqlmodel import SQLModel

from storage import broadcasts, filings, people, questions, queues

TABLE_MODULES = (broadcasts, filings, people, questions, queues)
metadata = SQLModel.metadata
