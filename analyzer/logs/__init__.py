"""Cutting logs down: lines in, a mergeable digest out, two digests compared. Pure: no network, no clock."""
