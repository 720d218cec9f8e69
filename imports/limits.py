"""What the child process may use of the machine. Kept apart from `imports.child` so that it loads nothing."""

import resource

MEMORY = 1_500 * 1024 * 1024
"""Bytes of address space, libraries included."""

SECONDS = 60
"""Of computing; the parent waits a little longer."""


def limit_this_process() -> None:
    """From here on this process can neither grow nor run beyond its limits, nor write a huge file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200 * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
