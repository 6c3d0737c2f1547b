"""Who answers where, in the office."""

from django.urls import path

from theatre.web.office import factor

urlpatterns = [
    path("people/<int:user_id>/second-factor/reset/", factor.reset, name="second_factor_reset"),
]
