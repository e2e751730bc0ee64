"""Logto's own record of a proof, which the Account API asks for before it changes a factor.

It is made with the very password or code that proves it to us, so that nobody is asked twice. Where
a tenant or a token has no Account API, the Management API checks these, and there is no record.
"""

from accountsite.codes import services as codes
from accountsite.codes.services import Address, Channel
from accountsite.logto import account_api, errors, passwords
from accountsite.logto.account_api import Verification

NO_ACCOUNT_API = (errors.Rejected, errors.NotOffered)


def by_password(token: str, account_id: str, password: str) -> Verification | None:
    """Check a password; `token` is the person's own, empty for none.

    Raises WrongPassword, TooManyRequests and Unavailable.
    """
    if token:
        try:
            return account_api.verify_password(token, password)
        except (errors.WrongPassword, errors.TooManyRequests):
            raise
        except NO_ACCOUNT_API:
            pass  # the Management API's word is as good
    passwords.verify(account_id, password)
    return None


def send(token: str, to: Address) -> Verification | None:
    """Send a code to an address of theirs, which completes the record that is given.

    Raises ConnectorMissing, TooManyRequests, Invalid and Unavailable.
    """
    if token:
        try:
            return account_api.send_code(token, **_named(to))
        except (errors.ConnectorMissing, errors.TooManyRequests):
            raise
        except NO_ACCOUNT_API:
            pass
    codes.deliver(to)
    return None


def verify(token: str, record_id: str, sent_to: Address, code: str) -> None:
    """Complete the record with the code that was sent for it; without one, just check the code.

    Raises CodeRefused and Unavailable.
    """
    if not record_id:
        codes.check(sent_to, code)
        return
    try:
        account_api.verify_code(token, verification_id=record_id, code=code, **_named(sent_to))
    except (errors.CodeRefused, errors.TooManyRequests):
        raise
    except errors.ProofNotFound as error:
        raise errors.CodeExpired(status=error.status, code=error.code) from error
    except NO_ACCOUNT_API as error:
        # It was sent for this record, and proves nothing elsewhere.
        code_of_error = getattr(error, "code", "")
        raise errors.CodeRefused(status=400, code=code_of_error) from error


def _named(address: Address) -> dict[str, str]:
    return {"email" if address.channel is Channel.EMAIL else "phone": address.value}
