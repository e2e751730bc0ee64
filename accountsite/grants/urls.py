"""Apps with access."""

from django.urls import path

from accountsite.grants import views

app_name = "grants"

urlpatterns = [
    path("apps/", views.grants, name="grants"),
    path("apps/third-party/", views.third_parties, name="third_parties"),
    path("apps/<str:key>/", views.app, name="app"),
]
