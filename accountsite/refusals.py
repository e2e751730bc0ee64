"""The no that a service foresees."""


class Refusal(Exception):
    """A service will not do what was asked, or Logto would not.

    Its text is a finished sentence for the person: what happened, and what to do next. Sections
    derive their own (`UnableToChangePassword`); views put it beside the form. An audited change that
    ends with one is known not to have happened.
    """
