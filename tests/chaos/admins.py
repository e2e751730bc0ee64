"""Somebody who looks after the accounts of others."""

from tests.chaos.people import Person
from tests.chaos.records import Said

DIRECTORY = "/admin/directory/user/"
SUSPENSION = r"PATCH /api/users/[^/]+/is-suspended$"


class Admin(Person):
    """An admin, at a browser of their own."""

    def look_after(self, somebody: Person) -> None:
        """Find a person, who is at their browser; suspend them, and let them in again."""
        somebody.sign_in()
        self.open("/admin/")
        self.pause()
        self.open(DIRECTORY)
        theirs = f"{DIRECTORY}{somebody.account.id}/change/"
        self.open(theirs)
        self.pause()
        somebody.may_be_out = True
        if self._decide(somebody, "suspend") is Said.DONE:
            somebody.browser.open("/profile/")
            self.pause(2)
        self._decide(somebody, "lift")
        self.pause(3)

    def _decide(self, somebody: Person, what: str) -> Said:
        path = f"{DIRECTORY}{somebody.account.id}/{what}/"
        act = self.change(
            what,
            path,
            writes=SUSPENSION,
            values={"reason": "They asked for it."},
            done=".messagelist .success",
        )
        return act.said
