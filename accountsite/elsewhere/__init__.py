"""The other browsers and apps in which a person is signed in, and their end."""
