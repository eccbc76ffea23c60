"""Records: what a run comes to, where it is kept, what is masked of it, and what is read of an earlier one."""
