"""The options every command shares: how one is made, the list of them, and what the layers make of them."""
