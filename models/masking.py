"""What is shown of a person where the person need not be known (domain: id_numbers, section 4).

Masks have a fixed length, so that the length of what is hidden does not leak; what does not look like the thing it
should be is hidden whole, since nobody can say which part of it is harmless.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

STARS = "********"

_RESIDENT_ID = re.compile(r"\d{17}[\dX]|\d{15}", re.ASCII)
_ACCOUNT = re.compile(r"\d{12,23}", re.ASCII)
_PHONE = re.compile(r"1\d{10}|0\d{9,11}", re.ASCII)
_SHORT_PHONE_MASK = "****"

# In free text a number may be written without a break, in full-width digits, or in the groups people copy from a card.
_D = "[0-9０-９]"
_GAP = "[ \u3000\\-－]"
_NUMBERS = re.compile(
    "|".join(
        (
            rf"(?P<grouped_id>(?<!{_D}){_D}{{6}}{_GAP}{_D}{{8}}{_GAP}?{_D}{{3}}[0-9０-９XxＸｘ](?!{_D}))",
            rf"(?P<grouped_account>(?<!{_D}){_D}{{4}}(?:{_GAP}{_D}{{4}}){{3,4}}(?:{_GAP}?{_D}{{1,4}})?(?!{_D}))",
            rf"(?P<phone>(?<!{_D})(?:[+＋]?[8８][6６]{_GAP}?)?[1１][3-9３-９]{_D}{_GAP}?{_D}{{4}}{_GAP}?{_D}{{4}}(?!{_D}))",
            rf"(?P<landline>(?<!{_D})[0０]{_D}{{2,3}}{_GAP}?{_D}{{7,8}}(?!{_D}))",
            rf"(?P<digits>(?<!{_D}){_D}{{12,}}[XxＸｘ]?)",
        )
    )
)
_LEFT_OUT = {"id": "（身份证号略）", "account": "（账号略）", "phone": "（电话略）", "number": "（号码略）"}
_SOMEBODY = "某某"


def _plain(value: str) -> str:
    """Half-width, without the spaces, hyphens and leading apostrophe that come with a copied number."""
    return re.sub(r"[\s\-'’]", "", unicodedata.normalize("NFKC", value)).upper()


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳震华 → 欧***. A name of one character would be shown whole and is hidden whole."""
    name = name.strip()
    return "*" * len(name) if len(name) < 2 else name[0] + "*" * (len(name) - 1)


def mask_id(number: str) -> str:
    """First 6 and last 4 of an 18- or 15-digit number; anything else (passport, mistyped) is hidden whole."""
    plain = _plain(number)
    if not plain:
        return ""
    return f"{plain[:6]}{STARS}{plain[-4:]}" if _RESIDENT_ID.fullmatch(plain) else STARS


def mask_account(number: str) -> str:
    """The last 4 of a card or account of 12 to 23 digits; anything else is hidden whole."""
    plain = _plain(number)
    if not plain:
        return ""
    return f"{STARS}{plain[-4:]}" if _ACCOUNT.fullmatch(plain) else STARS


def mask_phone(number: str) -> str:
    """138****1234, the same for a landline with its area code; anything shorter is hidden whole."""
    plain = _plain(number).lstrip("+")
    if not plain:
        return ""
    if len(plain) == 13 and plain.startswith("86"):
        plain = plain[2:]
    return f"{plain[:3]}****{plain[-4:]}" if _PHONE.fullmatch(plain) else _SHORT_PHONE_MASK


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """Free text with every identity number, account, phone and each of the given names masked in its place.

    A long number that could be either kind is masked as the kind that shows less. Names that were not given cannot be
    found: what is to be published is read by a person first.
    """
    masked = _NUMBERS.sub(_masked_number, text)
    return _replace_names(masked, names, mask_name)


def deidentify_text(text: str, names: Iterable[str] = ()) -> str:
    """Free text for the public: numbers are named but not shown, the given names become 某某."""
    cleared = _NUMBERS.sub(lambda found: _LEFT_OUT[_kind(found)], text)
    return _replace_names(cleared, names, lambda _: _SOMEBODY)


def _kind(found: re.Match[str]) -> str:
    group = found.lastgroup or ""
    if group in ("phone", "landline"):
        return "phone"
    plain = _plain(found.group())
    if _RESIDENT_ID.fullmatch(plain):
        return "id"
    return "account" if _ACCOUNT.fullmatch(plain) else "number"


def _masked_number(found: re.Match[str]) -> str:
    masks: dict[str, Callable[[str], str]] = {
        "id": mask_id,
        "account": mask_account,
        "phone": mask_phone,
        "number": lambda _: STARS,
    }
    kind = _kind(found)
    if kind == "id" and not _looks_born(_plain(found.group())):
        kind = "account"
    return masks[kind](found.group())


def _looks_born(plain: str) -> bool:
    """A month and a day stand where an identity number has them; else 18 digits are rather a bank book."""
    month, day = (plain[10:12], plain[12:14]) if len(plain) == 18 else (plain[8:10], plain[10:12])
    return "01" <= month <= "12" and "01" <= day <= "31"


def _replace_names(text: str, names: Iterable[str], replacement: Callable[[str], str]) -> str:
    known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    if not known:
        return text
    return re.sub("|".join(map(re.escape, known)), lambda found: replacement(found.group()), text)
