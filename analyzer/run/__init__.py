"""Whole runs, and the order of their steps: prepare, gather, judge, deliver."""
