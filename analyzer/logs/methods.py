"""The methods of HTTP that a log's requests have (RFC 9110, 9.3, less CONNECT and TRACE; RFC 5789)."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ANY_METHOD = "|".join(METHODS)  # as an alternation of a pattern
