"""Who answers where, for whoever tries the demo and reads its mail."""

from django.urls import path

from theatre.web.mailbox import views

urlpatterns = [
    path("", views.letters, name="mailbox"),
    path("<slug:name>/", views.letter, name="mailbox_letter"),
    path("<slug:name>/html/", views.letter_html, name="mailbox_html"),
    path("<slug:name>/parts/<int:number>/", views.part, name="mailbox_part"),
]
