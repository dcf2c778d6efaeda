"""What pytest allows only at the top: the plugin that tests plugins."""

pytest_plugins = ["pytester"]
