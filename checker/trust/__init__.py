"""Measure how far verdicts can be trusted: apps whose verdict is known, judged and counted."""
