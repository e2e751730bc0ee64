"""How much is allowed. Each rule counts in a window that opens with the first attempt."""

from dataclasses import dataclass
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerSecond

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Kind(StrEnum):
    """What is tried."""

    PASSWORD = "password"  # noqa: S105 - a word; the current password of an account
    NEW_PASSWORD = "new_password"  # noqa: S105 - a word; one that is to become the password
    CODE = "code"  # a code that was sent to an address
    AUTHENTICATOR = "authenticator"  # a code of an authenticator app, when one is added
    PASSKEY = "passkey"  # passkeys that are added or named
    CONFIRMATION = "confirmation"  # proofs that it's you, of any kind
    SEND = "send"  # mails and texts with a code
    LOOKUP = "lookup"  # whether a username is free
    CONNECTION = "connection"  # ways to a social provider and back
    TOKEN = "token"  # noqa: S105 - a word; personal access tokens that are created
    EXPORT = "export"  # copies of everything that is held, made and downloaded
    CUSTOM_DATA = "custom_data"  # changes of what apps keep
    LIST = "list"  # downloads of the activity
    NEW_DEVICE = "new_device"  # mails about sign-ins from new devices
    TEST_MAIL = "test_mail"  # mails that the doctor sends to see whether they arrive


class Per(StrEnum):
    """For whom it is counted."""

    ADDRESS = "address"  # the client's IP address; of IPv6 its /64, which is one customer's
    ACCOUNT = "account"
    TARGET = "target"  # the email address or phone number that is written to or tried


@dataclass(frozen=True, slots=True)
class Rule:
    """At most so many attempts within so many seconds."""

    kind: Kind
    per: Per
    most: int
    seconds: int

    @property
    def item(self) -> RateLimitItem:
        """The same in the words of the `limits` library."""
        return RateLimitItemPerSecond(self.most, self.seconds, namespace=f"{self.kind}:{self.per}")


# A client's address comes first and is shared by households and offices, so it is allowed more. What
# it was refused is not counted against an account, so that nobody locks another one's.
RULES = (
    Rule(Kind.PASSWORD, Per.ADDRESS, 50, HOUR),
    Rule(Kind.PASSWORD, Per.ACCOUNT, 5, 5 * MINUTE),
    Rule(Kind.PASSWORD, Per.ACCOUNT, 30, DAY),
    # A new password is held against the current one too, but who learns that they are not the same
    # has changed it by that: this is no way to guess, and must not use up the tries of the owner.
    Rule(Kind.NEW_PASSWORD, Per.ADDRESS, 100, HOUR),
    Rule(Kind.NEW_PASSWORD, Per.ACCOUNT, 20, 10 * MINUTE),
    Rule(Kind.CODE, Per.ADDRESS, 100, HOUR),
    Rule(Kind.CODE, Per.ACCOUNT, 20, HOUR),
    Rule(Kind.CODE, Per.TARGET, 5, 5 * MINUTE),
    Rule(Kind.CODE, Per.TARGET, 20, DAY),
    Rule(Kind.AUTHENTICATOR, Per.ADDRESS, 100, HOUR),
    Rule(Kind.AUTHENTICATOR, Per.ACCOUNT, 10, 5 * MINUTE),
    Rule(Kind.PASSKEY, Per.ADDRESS, 100, HOUR),
    Rule(Kind.PASSKEY, Per.ACCOUNT, 20, HOUR),
    Rule(Kind.CONFIRMATION, Per.ADDRESS, 100, HOUR),
    Rule(Kind.CONFIRMATION, Per.ACCOUNT, 10, 10 * MINUTE),
    Rule(Kind.CONFIRMATION, Per.ACCOUNT, 50, DAY),
    Rule(Kind.SEND, Per.ADDRESS, 30, HOUR),
    Rule(Kind.SEND, Per.ACCOUNT, 10, HOUR),
    Rule(Kind.SEND, Per.TARGET, 1, MINUTE),
    Rule(Kind.SEND, Per.TARGET, 5, HOUR),
    Rule(Kind.SEND, Per.TARGET, 10, DAY),
    Rule(Kind.LOOKUP, Per.ADDRESS, 300, 10 * MINUTE),
    Rule(Kind.LOOKUP, Per.ACCOUNT, 30, MINUTE),
    Rule(Kind.CONNECTION, Per.ADDRESS, 100, HOUR),
    Rule(Kind.CONNECTION, Per.ACCOUNT, 20, 10 * MINUTE),
    Rule(Kind.TOKEN, Per.ADDRESS, 100, HOUR),
    Rule(Kind.TOKEN, Per.ACCOUNT, 20, HOUR),
    Rule(Kind.EXPORT, Per.ADDRESS, 30, HOUR),
    Rule(Kind.EXPORT, Per.ACCOUNT, 10, HOUR),
    Rule(Kind.CUSTOM_DATA, Per.ADDRESS, 100, HOUR),
    Rule(Kind.CUSTOM_DATA, Per.ACCOUNT, 30, HOUR),
    Rule(Kind.LIST, Per.ADDRESS, 60, HOUR),
    Rule(Kind.LIST, Per.ACCOUNT, 10, 10 * MINUTE),
    Rule(Kind.NEW_DEVICE, Per.ACCOUNT, 5, HOUR),
    Rule(Kind.NEW_DEVICE, Per.ACCOUNT, 10, DAY),
    Rule(Kind.TEST_MAIL, Per.ADDRESS, 30, HOUR),
    Rule(Kind.TEST_MAIL, Per.ACCOUNT, 10, HOUR),
    Rule(Kind.TEST_MAIL, Per.TARGET, 5, HOUR),
)
