"""A local Bot API server with a browser page, so that a bot can be used without Telegram.

It knows nothing of the rest of the project.
"""

from webchat.faults import Fault, Faults
from webchat.server import NotLoopback, WebChat

__all__ = ["Fault", "Faults", "NotLoopback", "WebChat"]
