"""From a value to a loan: gate, haircut, limits, path, offer."""
