"""Cases of systems in the field, by domain."""
