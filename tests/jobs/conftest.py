"""The worker's tests read mail from the same server as those of letters."""

from tests.notices.conftest import mail_server

__all__ = ["mail_server"]
