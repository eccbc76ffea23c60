"""Records of runs: their schema, where they are kept, what is masked in them, and what is read from earlier
ones.
"""
