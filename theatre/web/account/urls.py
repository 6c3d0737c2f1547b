"""Who answers where, for one's own account. Of allauth's pages only these are open."""

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from django.contrib.auth.decorators import login_required
from django.urls import path

from theatre.web.account import password, sessions, views
from theatre.web.doors import View, public


def _own(view: View) -> View:
    """allauth's page for somebody who is signed in; what may be done there is asked by allauth."""
    return public(login_required(view))


urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/", views.account, name="account_email"),  # allauth's name for the page with the address
    path("account/", views.account, name="mfa_index"),  # and for the page with the second factor
    path("account/tokens/", views.make_token, name="make_token"),
    path("account/tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("account/sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", sessions.end_session, name="end_session"),
    path("account/home/", views.home_for_me, name="home_for_me"),
    path("account/sign-up/", views.sign_up, name="account_signup"),
    path("account/confirm/", views.confirm_address, name="account_email_verification_sent"),
    path("account/sign-in/", views.sign_in, name="account_login"),
    path("account/sign-out/", public(allauth.logout), name="account_logout"),
    path("account/closed/", public(allauth.account_inactive), name="account_inactive"),
    path("account/password/change/", password.change, name="account_change_password"),
    path("account/password/", public(allauth.password_reset), name="account_reset_password"),
    path("account/password/sent/", public(allauth.password_reset_done), name="account_reset_password_done"),
    path(
        "account/password/new/<slug:uidb36>/<str:key>/",
        public(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/changed/",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/again/", _own(allauth.reauthenticate), name="account_reauthenticate"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path("account/second-factor/code/", public(factor.authenticate), name="mfa_authenticate"),
    path("account/second-factor/again/", _own(factor.reauthenticate), name="mfa_reauthenticate"),
    path("account/second-factor/app/", views.set_up_app, name="mfa_activate_totp"),
    path("account/second-factor/app/off/", _own(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/recovery/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/recovery/new/",
        _own(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/recovery/codes.txt",
        _own(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
