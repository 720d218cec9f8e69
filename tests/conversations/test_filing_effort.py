"""A project never costs more turns than promised."""

import pytest

from benchmarks.filing_effort import GOALS, measure


@pytest.mark.parametrize("way", GOALS)
async def test_turns_keep_to_the_goal(way: str) -> None:
    assert await measure(way) <= GOALS[way]
