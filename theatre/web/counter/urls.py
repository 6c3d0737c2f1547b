"""Who answers where, at the counter."""

from django.urls import path

from theatre.web.counter import views

urlpatterns = [
    path("", views.counter, name="counter"),
    path("shows/<int:show_id>/", views.show, name="counter_show"),
    path("sales/", views.sales, name="counter_sales"),
    path("sales/<str:ref>/", views.sale, name="counter_sale"),
    path("sales/<str:ref>/audiences/", views.audiences, name="counter_audiences"),
    path("sales/<str:ref>/extend/", views.extend, name="counter_extend"),
    path("sales/<str:ref>/drop/", views.drop, name="counter_drop"),
]
