"""The addresses of the sign-in methods."""

from django.urls import path

from accountsite.identifiers.views import addresses, removals, rows, usernames

app_name = "identifiers"

urlpatterns = [
    path("sign-in-methods/", rows.identifiers, name="identifiers"),
    path("sign-in-methods/username/", usernames.username, name="username"),
    path("sign-in-methods/username/availability/", usernames.availability, name="availability"),
    path("sign-in-methods/phone/example/", addresses.example, name="example"),
    path("sign-in-methods/<slug:name>/", addresses.address, name="address"),
    path("sign-in-methods/<slug:name>/code/", addresses.code, name="code"),
    path("sign-in-methods/<slug:name>/code/again/", addresses.again, name="again"),
    path("sign-in-methods/<slug:name>/cancel/", addresses.cancel, name="cancel"),
    path("sign-in-methods/<slug:name>/removal/", removals.removal, name="removal"),
]
