"""Workprint's tests: they mirror both trees, with fakes/, goldens/ and architecture/ beside them.

`python3 -m tests` sets up what is needed and runs every check that CI runs.
"""
