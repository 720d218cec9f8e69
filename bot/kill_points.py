"""Named points at which a test can let the process die as if the power went.

`XINGCUN_KILL_AT=point` kills at the first passage of that point, `XINGCUN_KILL_AT=point:3` at the third.
The points: `after_fetch` (updates fetched, not stored), `before_handler`, `before_commit` (a turn's work
done, not committed), `after_commit`, `before_send` (a call claimed, not made), `after_send` (a call made,
not recorded), `in_job` (a job done, not recorded).
"""

import os
import signal
from collections import Counter

_WANTED, _, _COUNT = os.environ.get("XINGCUN_KILL_AT", "").partition(":")
_passed: Counter[str] = Counter()


def pass_point(name: str) -> None:
    """Kills this process with SIGKILL where the environment says so; otherwise nothing."""
    if name != _WANTED:
        return
    _passed[name] += 1
    if _passed[name] == int(_COUNT or 1):
        os.kill(os.getpid(), signal.SIGKILL)
