"""Webhooks: a finished run as signed JSON, or as a message of a chat."""
