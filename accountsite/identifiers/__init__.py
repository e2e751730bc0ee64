"""Sign-in methods: the email address, phone number and username that a person signs in with."""
