"""Judges a canary: evidence from both sides of a rollout in, an exit code and its reasons out."""

__version__ = "0.2.0"
