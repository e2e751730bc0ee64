"""The addresses of the sign-in methods."""

from django.urls import path

from accountsite.identifiers import views

app_name = "identifiers"

urlpatterns = [
    path("sign-in-methods/", views.identifiers, name="identifiers"),
    path("sign-in-methods/username/", views.username, name="username"),
    path("sign-in-methods/username/availability/", views.availability, name="availability"),
    path("sign-in-methods/phone/example/", views.example, name="example"),
    path("sign-in-methods/<slug:name>/", views.address, name="address"),
    path("sign-in-methods/<slug:name>/code/", views.code, name="code"),
    path("sign-in-methods/<slug:name>/code/again/", views.again, name="again"),
    path("sign-in-methods/<slug:name>/cancel/", views.cancel, name="cancel"),
    path("sign-in-methods/<slug:name>/removal/", views.removal, name="removal"),
]
