"""Changing one's password: allauth's page, for those who may have an account of their own."""

from allauth.account.views import PasswordChangeView

from theatre.access import Permission
from theatre.web.doors import needs

change = needs(Permission.OWN_ACCOUNT)(PasswordChangeView.as_view())
