"""The trial's own bot token and the key of its page: made once, kept in the data folder for its owner."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrialSecrets:
    """What the web chat asks for: `token` of the bot, `key` of the person."""

    token: str
    key: str


def keep_trial_secrets(folder: Path) -> TrialSecrets:
    """The secrets of this data folder, made on the first start."""
    path = folder / "trial.json"
    try:
        return TrialSecrets(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        made = TrialSecrets(
            token=f"{100_000_000 + secrets.randbelow(900_000_000)}:{secrets.token_urlsafe(24)}",
            key=secrets.token_urlsafe(24),
        )
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"token": made.token, "key": made.key}, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return made
