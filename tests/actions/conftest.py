"""What some actions are tested with: a mail server that takes every letter."""

from tests.notices.conftest import mail_server  # noqa: F401 - a fixture
