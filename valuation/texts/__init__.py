"""Words shown to people, in English and Chinese, shared by app, command line and report."""
