"""The bot with its database, as the conversation tests have it."""

from tests.conversations.conftest import catalog, town

__all__ = ["catalog", "town"]
