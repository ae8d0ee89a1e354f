"""Text as a search compares it: what differs only by the keyboard it was typed on becomes the same.

Full-width and half-width, upper and lower case, brackets of any kind, dashes of any length, spaces.
"""

import unicodedata

_OPENING, _CLOSING = "([{<〔【『「《〈", ")]}>〕】』」》〉"
_SAME = str.maketrans(
    dict.fromkeys(_OPENING, "(") | dict.fromkeys(_CLOSING, ")") | dict.fromkeys("‐‑‒–—―−_", "-")
    | dict.fromkeys("“”‘’'`", '"')
)  # fmt: skip


def folded(text: str) -> str:
    """The text folded, without spaces, control characters and halves of surrogate pairs."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SAME)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cs"))


def search_text(number: str | None, title: str | None, facts: str | None, *document: str | None) -> str:
    """What a problem is found by, one part a line: nothing typed reaches over the end of a part. `document`: number and
    sender of the letter it came by, for the few that came by one."""
    return "\n".join(folded(part or "") for part in (number, title, facts, *filter(None, document)))
