"""How fast, how exact and how small: other ways of doing the same work, measured beside ours in one run."""
