"""Allocation: one income shared out among those who earn it together. Never averaged with the approaches."""
