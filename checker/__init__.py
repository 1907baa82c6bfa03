"""The judge and the tools of the course."""

__version__ = "0.1.0"
