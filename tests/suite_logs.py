"""All that was written to logs while the suite ran, for the test that comes last to search."""

import re

# What every test captured from standard error, and what the programs it started logged.
WRITTEN: list[str] = []

SECRETS = {
    "a bot's token": re.compile(r"(?<!\d)\d{3,12}:[\w-]{16,}"),
    "a key or token of the tests": re.compile(
        r"for-tests-only|k-for-tests|key-of-the-test|token-of-the-test"
    ),
    "a mobile number": re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)"),
    "a credit code": re.compile(
        r"(?<![0-9A-Za-z])[1-9AN][1239][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
    ),
    "an invite": re.compile(r"(?<![A-Z2-7])[A-Z2-7]{32}(?![A-Z2-7])"),
}


def secrets_in(lines: list[str]) -> list[str]:
    """What was found, with the line it stands in."""
    found = []
    for text in lines:
        for line in text.splitlines():
            found += [f"{name}: {line[:300]}" for name, pattern in SECRETS.items() if pattern.search(line)]
    return found
