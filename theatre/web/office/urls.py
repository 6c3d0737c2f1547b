"""Who answers where, in the office."""

from django.urls import path

from theatre.web.office import audit, factor, invitations, people, views

urlpatterns = [
    path("", views.office, name="office"),
    path("audit/", audit.audit, name="audit"),
    path("people/", people.people, name="people"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/record/", people.record, name="edit_person"),
    path("people/<int:user_id>/role/", people.role, name="change_role"),
    path("people/<int:user_id>/suspend/", people.suspend, name="suspend"),
    path("people/<int:user_id>/remove/", people.remove, name="remove"),
    path("people/<int:user_id>/bring-back/", people.bring_back, name="bring_back"),
    path("people/<int:user_id>/second-factor/reset/", factor.reset, name="second_factor_reset"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:invitation_id>/resend/", invitations.resend, name="resend_invitation"),
    path("invitations/<int:invitation_id>/revoke/", invitations.revoke, name="revoke_invitation"),
]
