"""What pytest allows only at the top: the plugin that tests plugins."""

# pytester forgets what was imported inside it, and numpy cannot be imported twice: it comes first.
import numpy  # noqa: F401

pytest_plugins = ["pytester"]
