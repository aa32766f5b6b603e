"""Django settings, all from the environment. See docs/configuration.md."""

SECRET_KEY = "tests"  # noqa: S105
INSTALLED_APPS: list[str] = []
USE_TZ = True
