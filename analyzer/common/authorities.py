"""Whose certificates are trusted: one variable for every client.

httpx, httpx2 and OpenSSL itself read SSL_CERT_FILE. `requests` does not: GitHub's client sends with it, and
Google's credentials on Vertex AI.
"""

from collections.abc import MutableMapping

SHARED = "SSL_CERT_FILE"
OWN = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # what `requests` reads, in its order


def share_authorities(environ: MutableMapping[str, str]) -> None:
    """Have `requests` trust the file of SSL_CERT_FILE, unless the environment names one for it."""
    if environ.get(SHARED) and not any(environ.get(name) for name in OWN):
        environ[OWN[0]] = environ[SHARED]
