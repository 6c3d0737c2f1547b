"""Who answers where, for everybody who looks around."""

from django.urls import path

from theatre.web.browse import feedback, feeds, following, offline, pictures, search, views

urlpatterns = [
    path("", views.home, name="home"),
    path("coming-soon/", views.coming_soon, name="coming_soon"),
    path("search/", search.search, name="search"),
    path("movies/<slug:slug>/", views.movie, name="movie"),
    path("movies/<slug:slug>/tell-me/", following.tell_me, name="tell_me"),
    path("movies/<slug:slug>/times.ics", feeds.feed, name="movie_feed"),
    path("programme.ics", feeds.feed, name="feed"),
    path("cards/<slug:slug>.jpg", pictures.card, name="card"),
    path("posters/<slug:mark>/<int:width>.webp", pictures.poster, name="poster_picture"),
    path("posters/<slug:slug>.svg", views.poster, name="poster"),
    path("shows/<int:show_id>/seats/", views.seats, name="seats"),
    path("shows/<int:show_id>/seats/list/", views.seat_list, name="seat_list"),
    path("shows/<int:show_id>/seats/advice/", views.seat_advice, name="seat_advice"),
    path("lights/", views.lights, name="lights"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path("worker.js", offline.worker, name="service_worker"),
    path("offline/", offline.offline, name="offline"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/sent/", feedback.thanks, name="feedback_thanks"),
]
