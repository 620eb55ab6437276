"""What all tests share: how hypothesis looks for counter-examples."""

import os

from hypothesis import settings

# No deadline: a slow machine is no counter-example. CI looks at the same examples every time; a desk looks at new ones.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
