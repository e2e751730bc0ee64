"""A session is only as good as the account behind it."""

from accountsite.logto import errors, users
from accountsite.signin.models import EndReason


class AccountEnded(Exception):
    """The person is suspended or gone: the middleware ends their session and tells them why."""

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def person(account_id: str, *, with_enterprise: bool = False) -> users.User:
    """The signed-in person as Logto knows them now.

    Raises AccountEnded if Logto suspended or deleted them, and Unavailable.
    """
    try:
        return present(users.get(account_id, with_enterprise=with_enterprise))
    except errors.NotFound as error:
        raise AccountEnded(EndReason.GONE) from error


def present(user: users.User) -> users.User:
    """This very user, unless suspended. Raises AccountEnded."""
    if user.is_suspended:
        raise AccountEnded(EndReason.SUSPENDED)
    return user
