"""The error tree. Every room raises these; worker, listener and command line catch them.

OnbrandError
├── UsageError             the caller asked for something that cannot be: exit code 2
│   └── SettingsInvalid    one or more settings are missing or malformed; lists all of them
├── TransientError         worth trying again later: time-outs, 429, 5xx, a busy database
└── PermanentError         trying again changes nothing until somebody acts
    └── NotAllowed         the person's role or access does not permit the act
"""

from collections.abc import Sequence


class OnbrandError(Exception):
    """Base of every expected failure. Its text is written for the person who reads it."""


class UsageError(OnbrandError):
    """The request itself is wrong (unknown name, empty question, malformed option)."""


class SettingsInvalid(UsageError):
    """Settings could not be read; `problems` holds one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"{len(self.problems)} setting(s) cannot be used:\n{lines}")


class TransientError(OnbrandError):
    """The same call may succeed later."""


class PermanentError(OnbrandError):
    """The same call fails until somebody changes something."""


class NotAllowed(PermanentError):
    """A person asked for what their role or access does not permit."""
