"""Facts read from the asset itself, not from a form: weights' headers, a sample of data, a cluster's own report."""
