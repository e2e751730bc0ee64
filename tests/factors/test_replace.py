"""Putting a new factor in the place of an old one, by calls that can be lost on the way."""

import pytest

from accountsite.factors import services
from accountsite.logto import errors

LOST = errors.Unavailable("lost")
NEVER_SENT = errors.Unavailable("never sent", maybe_done=False)
TAKEN = errors.TotpAlreadyBound(status=422)
GONE = errors.NotFound(status=404)
REFUSED = errors.Forbidden(status=403)


class Calls:
    """A call that ends so, one time after the other, and then well."""

    def __init__(self, *ends: Exception) -> None:
        self.ends, self.times = list(ends), 0

    def __call__(self) -> None:
        self.times += 1
        if self.ends:
            raise self.ends.pop(0)


def replace(old: Calls | None, new: Calls) -> None:
    services.replace(old=old, new=new, taken=errors.TotpAlreadyBound)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([], []),
        ([LOST], [LOST]),
        ([LOST, LOST], [LOST, LOST]),
        ([LOST, GONE], [LOST, TAKEN]),
        ([GONE], []),
    ],
)
def test_what_is_lost_is_repeated_until_it_is_certain(old, new):
    replace(Calls(*old), Calls(*new))


@pytest.mark.parametrize("old", [[LOST] * 3, [NEVER_SENT] * 3, [REFUSED]])
def test_while_the_old_one_may_be_there_no_new_one_is_added(old):
    new = Calls()

    with pytest.raises(type(old[0])):
        replace(Calls(*old), new)

    assert new.times == 0


def test_a_removal_that_may_have_arrived_is_told_as_one_that_may_have():
    with pytest.raises(errors.Unavailable) as failure:
        replace(Calls(NEVER_SENT, LOST, NEVER_SENT), Calls())

    assert failure.value.maybe_done


@pytest.mark.parametrize("new", [[LOST] * 3, [REFUSED], [LOST, REFUSED]])
def test_with_the_old_one_gone_and_the_new_one_not_there_one_is_left_without(new):
    with pytest.raises(services.LeftWithout):
        replace(Calls(), Calls(*new))


@pytest.mark.parametrize(("new", "error"), [([LOST] * 3, LOST), ([REFUSED], REFUSED)])
def test_without_an_old_one_nothing_is_lost(new, error):
    with pytest.raises(type(error)):
        replace(None, Calls(*new))


@pytest.mark.parametrize("old", [None, Calls()])
def test_one_that_is_there_at_the_first_try_is_somebody_elses(old):
    with pytest.raises(errors.TotpAlreadyBound):
        replace(old, Calls(TAKEN))
