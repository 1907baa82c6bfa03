"""A real browser, and the people who sit in front of it."""
