"""The learner's frontend: its packages, its build, its server."""
