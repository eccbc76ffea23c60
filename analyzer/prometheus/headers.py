"""Headers of the settings: whether they can be sent, and hold no credential."""

import base64
import re
from collections.abc import Mapping

from analyzer.errors import UsageError
from analyzer.redact import redact

_HEADER, _LINE = re.compile(r"[A-Za-z0-9-]+"), re.compile(r"[\x20-\x7e]*")
SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})


def check_headers(headers: Mapping[str, str], where: str, advice: str) -> None:
    """Raise UsageError for a header that cannot be sent or is a credential. `advice` says what to do."""
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not _LINE.fullmatch(value):
            raise UsageError(
                f"{where}: {name!r} is no header, or its value is not plain text",
                advice="a name of letters, digits and dashes, a value on one line",
            )
        if name.lower() in SECRET or redact(f"{name}: {value}") != f"{name}: {value}":
            raise UsageError(
                f"{where}: {name} is a credential, and credentials are no settings", advice=advice
            )


def basic_authorization(name: str, password: str) -> dict[str, str]:
    """Return the header of basic authentication (RFC 7617)."""
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}
