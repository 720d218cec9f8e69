"""How long the machines run: a short profile for every day, a long one by XINGCUN_TEST_LONG=1."""

import os

from hypothesis import HealthCheck, settings

SHORT = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
LONG = settings(SHORT, max_examples=400, stateful_step_count=60)
PROFILE = LONG if os.environ.get("XINGCUN_TEST_LONG") else SHORT
