"""From a raw reply to a validated verdict: parsing, checks against the evidence, and the conversation with
each model.
"""
