"""What every room stands on and none is about: time, retries, values, units, files, one HTTP client."""
