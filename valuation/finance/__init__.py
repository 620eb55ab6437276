"""The arithmetic of value: discounting, tax, survival, cost of capital."""
