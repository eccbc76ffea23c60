"""Helpers that every room uses: time, retries, values, units, files, one HTTP client."""
