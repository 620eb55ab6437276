"""Many assets at once: a table in, the same rows out with what may be lent on each and why, and the rows left out."""
