"""Measurements against rivals and floors, each in one run."""
