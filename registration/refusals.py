"""What may be refused, and why. Each has a text of the same `code` in `templates/refusals.html`."""

from datetime import datetime
from typing import Any, ClassVar


class Refusal(Exception):
    """Something a person asked for is not done; `params` are what its text needs, never secrets."""

    code: ClassVar[str]

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params


class NotYours(Refusal):
    """The object belongs to somebody else, or does not exist: the two must look alike."""

    code = "not_yours"


class NoticeClosed(Refusal):
    """The window of the form ended before now."""

    code = "notice_closed"

    def __init__(self, title: str, closes: datetime) -> None:
        super().__init__(title=title, closes=closes)


class NoticeNotOpen(Refusal):
    """The window of the form begins later."""

    code = "notice_not_open"

    def __init__(self, title: str, opens: datetime) -> None:
        super().__init__(title=title, opens=opens)


class NothingOpen(Refusal):
    """No notice collects anything from anybody at this moment."""

    code = "nothing_open"


class ConsentMissing(Refusal):
    """The person has not agreed that contact data are kept."""

    code = "consent_missing"


class Overtaken(Refusal):
    """The entry was changed meanwhile, by an earlier tap or by another member."""

    code = "overtaken"


class Incomplete(Refusal):
    """Required fields have no answer yet; `labels` name them."""

    code = "incomplete"

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(labels=labels)


class InvalidAnswer(Refusal):
    """An answer breaks a limit of its field."""

    code = "invalid_answer"

    def __init__(self, label: str) -> None:
        super().__init__(label=label)


class WrongState(Refusal):
    """A filing cannot do that in the state it is in: correct a withdrawn one, say."""

    code = "wrong_state"


class AlreadyMember(Refusal):
    """The person acts for that organization already."""

    code = "already_member"


class RequestPending(Refusal):
    """The person asked to join before, and nobody has decided yet."""

    code = "request_pending"


class RequestRefused(Refusal):
    """A member said no within the last day."""

    code = "request_refused"


class AlreadyDecided(Refusal):
    """Another member decided the request first."""

    code = "already_decided"


class KnownOrganization(Refusal):
    """The new facts are those of another registered organization."""

    code = "known_organization"


class NoOrganization(Refusal):
    """The person acts for no organization that files this form."""

    code = "no_organization"


class InviteLocked(Refusal):
    """Too many wrong codes; none is looked at for a while."""

    code = "invite_locked"

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes=minutes)


class TooManyWaiting(Refusal):
    """So many questions of the person wait for staff that no more are taken."""

    code = "too_many_waiting"

    def __init__(self, count: int) -> None:
        super().__init__(count=count)


class QuestionSettled(Refusal):
    """A colleague answered the question first."""

    code = "question_settled"
