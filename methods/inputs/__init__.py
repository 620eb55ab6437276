"""Derived inputs: a rate, a life or a share that is itself worked out."""
