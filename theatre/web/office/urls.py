"""Who answers where, in the office."""

from django.urls import path

from theatre.web.office import audit, board, closing, copying, factor, invitations, people, shows, views

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
    path("shows/", board.board, name="shows"),
    path("shows/new/", shows.new, name="show_new"),
    path("shows/movies/", shows.movies, name="show_movies"),
    path("shows/copy/", copying.copy, name="shows_copy"),
    path("shows/on-sale/", shows.on_sale, name="shows_on_sale"),
    path("shows/<int:show_id>/", shows.show, name="show"),
    path("shows/<int:show_id>/place/", shows.place, name="show_place"),
    path("shows/<int:show_id>/sale/", shows.sale, name="show_sale"),
    path("shows/<int:show_id>/delete/", shows.delete, name="show_delete"),
    path("shows/<int:show_id>/cancel/", closing.show_cancel, name="show_cancel"),
    path("shows/<int:show_id>/cancel/stop/", closing.show_cancel_stop, name="show_cancel_stop"),
    path("shows/<int:show_id>/cancel/resume/", closing.show_cancel_resume, name="show_cancel_resume"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:invitation_id>/resend/", invitations.resend, name="resend_invitation"),
    path("invitations/<int:invitation_id>/revoke/", invitations.revoke, name="revoke_invitation"),
]
