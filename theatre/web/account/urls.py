"""Who answers where, for one's own account. Of allauth's pages only these are open."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_required
from django.urls import path

from theatre.web.account import (
    address,
    counting,
    factor,
    invitation,
    leaving,
    myself,
    password,
    sessions,
    stopping,
    views,
)
from theatre.web.doors import View, public

counting.install()


def _own(view: View) -> View:
    """allauth's page for somebody who is signed in; what may be done there is asked by allauth."""
    return public(login_required(view))


urlpatterns = [
    path("account/", myself.account, name="account"),
    path("account/", myself.account, name="account_email"),  # allauth's name for the page with the address
    path("account/tokens/", views.make_token, name="make_token"),
    path("account/tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("account/sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", sessions.end_session, name="end_session"),
    path("account/home/", views.home_for_me, name="home_for_me"),
    path("account/invitation/<str:secret>/", invitation.accept, name="accept_invitation"),
    path("account/sign-up/", views.sign_up, name="account_signup"),
    path("account/confirm/", views.confirm_address, name="account_email_verification_sent"),
    path("account/sign-in/", views.sign_in, name="account_login"),
    path("account/sign-out/", public(allauth.logout), name="account_logout"),
    path("account/closed/", public(allauth.account_inactive), name="account_inactive"),
    path("letters/stop/<str:token>/", stopping.stop, name="stop_letters"),
    path("account/letters/", myself.mails, name="change_mails"),
    path("account/access/", myself.access_needs, name="change_access_needs"),
    path("account/photo/", myself.set_photo, name="set_photo"),
    path("account/photo/remove/", myself.remove_photo, name="remove_photo"),
    path("account/photo/<slug:mark>.webp", myself.photo, name="photo"),
    path("account/delete/", leaving.delete, name="delete_account"),
    path("account/data.json", leaving.take_along, name="own_data"),
    path("account/confirm/<str:token>/", address.confirm_first, name="confirm_first_address"),
    path("account/address/", address.change, name="change_address"),
    path("account/address/code/", address.confirm_code, name="confirm_address_code"),
    path("account/address/confirm/<str:token>/", address.confirm_link, name="confirm_new_address"),
    path("account/address/stop/<str:token>/", address.stop, name="stop_address_change"),
    path("account/password/change/", password.change, name="account_change_password"),
    path("account/password/", views.forgotten, name="account_reset_password"),
    path("account/password/sent/", public(allauth.password_reset_done), name="account_reset_password_done"),
    path(
        "account/password/new/<slug:uidb36>/<str:key>/",
        views.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/changed/",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/again/", _own(allauth.reauthenticate), name="account_reauthenticate"),
    path("account/second-factor/", factor.second_factor, name="second_factor"),
    path("account/second-factor/ways/", factor.ways, name="mfa_index"),
    path("account/second-factor/code/", factor.code, name="mfa_authenticate"),
    path("account/second-factor/again/", factor.code_again, name="mfa_reauthenticate"),
    path("account/second-factor/app/", factor.set_up_app, name="mfa_activate_totp"),
    path("account/second-factor/app/off/", factor.remove_app, name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/new/", factor.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/again/", factor.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/name/", factor.rename, name="mfa_edit_webauthn"),
    path(
        "account/second-factor/passkeys/<int:pk>/remove/", factor.remove_passkey, name="mfa_remove_webauthn"
    ),
    path("account/second-factor/recovery/", factor.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/recovery/new/",
        factor.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/recovery/codes.txt",
        factor.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
