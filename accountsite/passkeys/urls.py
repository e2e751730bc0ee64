"""The addresses of passkeys."""

from django.urls import path

from accountsite.passkeys import views

app_name = "passkeys"

urlpatterns = [
    path("security/passkeys/add/", views.add, name="add"),
    path("security/passkeys/<slug:factor_id>/name/", views.rename, name="rename"),
    path("security/passkeys/<slug:factor_id>/removal/", views.remove, name="remove"),
]
