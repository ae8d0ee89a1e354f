"""What is typed into the ledger's search box, as a `where`: number, title, facts, names of village and town.

Offices complain first of searches that fail on 〔2022〕 or full-width brackets (domain, surprise 33): brackets of any
kind match each other, full-width and half-width forms both match.
"""

import unicodedata

import sqlalchemy as sa

from models.issue_record import Issue
from models.region import Region

LONGEST_SEARCH = 60
MOST_WORDS = 5
ESCAPE = "\\"

_BRACKETS = "()[]{}<>〔〕【】「」『』《》〈〉“”\"'‘’"
_DASHES = "-‐‑–—―－_"
_ANY_ONE = frozenset(_BRACKETS + _DASHES)
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def search_condition(text: str) -> sa.ColumnElement[bool] | None:
    """Rows that hold every word typed; None when nothing was."""
    words = text[:LONGEST_SEARCH].split()[:MOST_WORDS]
    return sa.and_(*(_word(word) for word in words)) if words else None


def like_patterns(word: str) -> tuple[str, ...]:
    """LIKE patterns of one word, wildcards in it escaped: half-width, full-width, and as it was typed."""
    half = unicodedata.normalize("NFKC", word)
    forms = dict.fromkeys((half, half.translate(_FULL_WIDTH), word))
    return tuple(dict.fromkeys(f"%{_escaped(form)}%" for form in forms))


def _escaped(form: str) -> str:
    """Brackets and dashes stand for any one character: people type whichever their keyboard gives."""
    return "".join(_one(character) for character in form)


def _one(character: str) -> str:
    if unicodedata.normalize("NFKC", character) in _ANY_ONE:
        return "_"
    return ESCAPE + character if character in "%\\" else character


def _word(word: str) -> sa.ColumnElement[bool]:
    patterns = like_patterns(word)
    named = sa.select(Region.id).where(sa.or_(*(Region.name.ilike(p, escape=ESCAPE) for p in patterns)))
    texts = (Issue.number, Issue.title, Issue.facts)
    found = [column.ilike(p, escape=ESCAPE) for column in texts for p in patterns]
    return sa.or_(*found, Issue.village_id.in_(named), Issue.town_id.in_(named))
