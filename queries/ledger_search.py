"""What is typed into a search box about problems, as a `where`: number, title, facts, names of village and town.

Offices complain first of searches that fail on 〔2022〕 or full-width brackets (domain, surprise 33): both sides are
folded (models.search_text). A number is found short or long (SZ2022-SX-0005, SX-0005, sx5, 5), a village with or
without 村 or 村委会, by its former names too. docs/decisions/0017 says why this is LIKE.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sa

from models.issue_place import IssuePlace
from models.issue_record import Issue
from models.region import Region, RegionEvent
from models.search_text import folded
from queries.issue_place import is_in_place

LONGEST_SEARCH = 60
MOST_WORDS = 5
ESCAPE = "\\"
NUMBER_OF_A_PERSON = r"(?:[0-9０-９][\s\-－]?){11}"
"""As long as a telephone's, a person's or an account's: never searched in texts, never in an address."""
_ISSUE_NUMBER = re.compile(r"(?:[a-z]{1,8}[0-9]{4}-?)?([a-z]{1,8})-?([0-9]{1,5})")
_COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")


def search_condition(text: str) -> sa.ColumnElement[bool] | None:
    """Rows that hold every word typed; None when nothing was."""
    words = words_of(text)
    return sa.and_(*(_word(word) for word in words)) if words else None


def words_of(text: str) -> tuple[str, ...]:
    """The words of the first `LONGEST_SEARCH` characters, folded; a word of brackets and dashes only says nothing."""
    typed = (folded(word) for word in text[:LONGEST_SEARCH].split())
    return tuple(word for word in typed if word.strip('()-"'))[:MOST_WORDS]


def has_number_of_a_person(text: str) -> bool:
    """Whether somebody's telephone, identity or account number may stand in it."""
    return re.search(NUMBER_OF_A_PERSON, text) is not None


def like_pattern(word: str) -> str:
    """A folded word anywhere in a text; signs of the database mean themselves."""
    return "%" + re.sub(r"([%_\\])", r"\\\1", word) + "%"


def number_condition(word: str) -> sa.ColumnElement[bool] | None:
    """The problem a folded word names by its number, short or long, zeros or not; None where it names none."""
    if re.fullmatch("[0-9]{1,5}", word):
        return Issue.sequence == int(word)
    named = _ISSUE_NUMBER.fullmatch(word)
    return None if named is None else Issue.number.like(f"%-{named[1].upper()}-{int(named[2]):04d}")


def village_stem(word: str) -> str:
    """甲一 of 甲一村, 甲一村委会, 甲一村村民委员会; the word itself where nothing would be left."""
    stem = word
    for ending in _COMMITTEES:
        if len(stem) > len(ending):
            stem = stem.removesuffix(ending)
    return stem


def _word(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(*_ways(word))


def _ways(word: str) -> Iterator[sa.ColumnElement[bool]]:
    yield Issue.search_text.like(like_pattern(word), escape=ESCAPE)
    numbered = number_condition(word)
    if numbered is not None:
        yield numbered
    places = _places(word)
    yield Issue.village_id.in_(places)
    yield Issue.id.in_(is_in_place(IssuePlace.region_id.in_(places)))
    yield Issue.town_id.in_(places)


def _places(word: str) -> sa.Select[int]:
    """Places of that name, or that were called so once."""
    pattern = like_pattern(village_stem(word))
    once = sa.select(RegionEvent.region_id).where(RegionEvent.name_before.ilike(pattern, escape=ESCAPE))
    names = (Region.name.ilike(pattern, escape=ESCAPE), Region.short_name.ilike(pattern, escape=ESCAPE))
    return sa.select(Region.id).where(sa.or_(*names, Region.id.in_(once)))
