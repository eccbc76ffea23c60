"""GitHub: a failing canary as an issue. What it says, how it is found again, and the client."""
