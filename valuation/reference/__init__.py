"""Dated, sourced figures and the look-up that says which one held on a day."""
