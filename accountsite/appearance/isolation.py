"""Names inside of sentences that are plain text, where no `<bdi>` can stand."""

FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"


def isolated(name: str) -> str:
    """The name, so that its direction stays its own: Unicode Standard Annex 9, section 2.4."""
    return f"{FIRST_STRONG_ISOLATE}{name}{POP_DIRECTIONAL_ISOLATE}"
