"""Versions of small services, recorded from real containers as labelled cases (bench/recorded)."""
