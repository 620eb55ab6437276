"""The built-in valuation methods, one a file, each found through its entry point."""
