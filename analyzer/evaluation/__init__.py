"""Evaluation: labelled cases, what a judge makes of them, and how often that is right."""
