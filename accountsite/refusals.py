"""The no that a service foresees."""

from accountsite import measurements


class Refusal(Exception):
    """A service will not do what was asked, or Logto would not.

    Its text is a finished sentence for the person: what happened, and what to do next. Sections
    derive their own (`UnableToChangePassword`); views put it beside the form. An audited change that
    ends with one is known not to have happened.
    """

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        section = type(self).__module__.removeprefix("accountsite.").partition(".")[0]
        measurements.tell(measurements.Refused(kind=f"{section}.{type(self).__name__}"))
