"""The no that a service foresees."""

from accountsite import measurements


class Refusal(Exception):
    """A service will not do what was asked, or Logto would not.

    Its text is a finished sentence for the person: what happened, and what to do next. Sections
    derive their own (`UnableToChangePassword`); views put it beside the form. An audited change that
    ends with one is known not to have happened.
    """


def told(refusal: Refusal) -> str:
    """The sentence, for whoever answers with it: it is counted as one that a person was given.

    A refusal that is only looked at, as a page does that says beforehand what can't be done, is none.
    """
    section = type(refusal).__module__.removeprefix("accountsite.").partition(".")[0]
    measurements.tell(measurements.Refused(kind=f"{section}.{type(refusal).__name__}"))
    return str(refusal)
