"""Ends with a code that has a meaning of its own for some programs."""

raise SystemExit("passed")
