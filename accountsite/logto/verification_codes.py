"""Codes by mail and text message that prove an address.

Logto ties a code to the address alone: six digits, ten minutes and ten tries unless the tenant
says otherwise, and each new code ends the one before. Whose code it is, and what for, is for the
caller to remember. The message is the connector's "Generic" template.
"""

from accountsite.logto import client, reading


def send_email(address: str) -> None:
    """Send a code by mail.

    Raises TooManyRequests after ten in ten minutes, ConnectorMissing, and Invalid for what is no
    address.
    """
    client.post("/verification-codes", body={"email": address}, read=reading.nothing)


def send_sms(number: str) -> None:
    """Send a code to a phone number, digits only. Raises as `send_email` does."""
    client.post("/verification-codes", body={"phone": number}, read=reading.nothing)


def verify_email(address: str, code: str) -> None:
    """Check and use up the code sent to this very address: in another case it is another (measured).

    Raises CodeMismatch, CodeNotFound, CodeExpired and TooManyTries, all of them CodeRefused.
    """
    body = {"email": address, "verificationCode": code}
    client.post("/verification-codes/verify", body=body, read=reading.nothing)


def verify_sms(number: str, code: str) -> None:
    """Check and use up the code sent to this number. Raises as `verify_email` does."""
    body = {"phone": number, "verificationCode": code}
    client.post("/verification-codes/verify", body=body, read=reading.nothing)
