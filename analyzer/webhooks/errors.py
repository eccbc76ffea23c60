"""What can go wrong with a webhook. No text here has its address, which may be a credential: only its host.

WebhookError(InfrastructureError)   never raised itself
├── Refused        an answer that stays the same on every retry
├── Unreachable    nothing was taken: no connection, 429, 5xx; may pass, after `retry_after` seconds
└── Unknown        the answer did not come: what was sent may have been taken
"""

from analyzer.errors import InfrastructureError


class WebhookError(InfrastructureError):
    """A webhook did not take what was sent, or did not say so."""


class WebhookRefused(WebhookError):  # noqa: N818 - what a person reads
    """An answer that stays the same on every retry."""


class WebhookUnreachable(WebhookError):  # noqa: N818 - as above
    """Nothing was taken."""

    def __init__(self, message: str, *, advice: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after


class Unknown(WebhookError):  # noqa: N818 - as above
    """No answer to what was sent."""
