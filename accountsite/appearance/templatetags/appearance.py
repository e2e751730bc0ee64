"""What templates need to show a person."""

from django import template

register = template.Library()


@register.filter
def initials(label: str) -> str:
    """One or two letters that stand for a name where there is no picture.

    Of several words, the first and the last give theirs; a name in one word gives its first.
    """
    words = [word for word in str(label).split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()
