"""The 18-digit resident identity number (公民身份号码, GB 11643-1999): format, date and check character, nothing else.

The six digits of the area are never a reason to refuse: numbers carry the code in force when they were issued, so most
elderly people of a city hold numbers of counties that no longer exist.
"""

import unicodedata
from datetime import date
from enum import StrEnum
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
OLDEST_AGE = 120
_ZEROS = ord("0") * sum(WEIGHTS)
DEMO_AREA = "000000"


class IdVerdict(StrEnum):
    """What the number itself shows; `sentence` says it to the user without repeating the number."""

    OK = "OK"
    FORMAT = "FORMAT"
    DATE = "DATE"
    CHECKSUM = "CHECKSUM"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    IdVerdict.OK: "身份证号校验通过。",
    IdVerdict.FORMAT: "身份证号应为 18 位：前 17 位是数字，末位是数字或 X，请对照证件改正。",
    IdVerdict.DATE: "身份证号里的出生日期不存在、晚于今天或超过 120 岁，请对照证件改正。",
    IdVerdict.CHECKSUM: "身份证号的末位校验码不符，多半有一位抄错，请对照证件改正。",
}


def normalise(text: str) -> str:
    """The form in which numbers are compared: half-width, no blanks, no leading apostrophe, upper-case X."""
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded.replace("\u200b", "").replace("\ufeff", "").lstrip("'‘’").upper()


def check_char(body: str) -> str:
    """The 18th character for the 17 digits of `body`."""
    if len(body) != len(WEIGHTS):
        raise ValueError("17 digits are needed")
    return CHECK_CHARACTERS[(sum(map(mul, body.encode("ascii"), WEIGHTS)) - _ZEROS) % 11]


def check(text: str, today: date) -> IdVerdict:
    """The verdict on a number as written; the first of format, date and check character that fails."""
    number = normalise(text)
    if not _has_format(number):
        return IdVerdict.FORMAT
    born = _birth_date(number)
    if born is None or born > today or today.year - born.year > OLDEST_AGE:
        return IdVerdict.DATE
    return IdVerdict.OK if check_char(number[:17]) == number[17] else IdVerdict.CHECKSUM


def birth_date(text: str) -> date | None:
    """The birth date the number states, None where the format or the date is impossible."""
    number = normalise(text)
    return _birth_date(number) if _has_format(number) else None


def sex(text: str) -> str:
    """男 or 女 by the 17th digit (odd is male); an empty string where the format is wrong."""
    number = normalise(text)
    if not _has_format(number):
        return ""
    return "男" if int(number[16]) % 2 else "女"


def upgraded(text: str) -> str:
    """A 15-digit number in its 18-digit form, others as they are: the form in which people are compared.

    Sequences 996 to 999 were given to centenarians born in 18xx and are left alone.
    """
    number = normalise(text)
    if len(number) != 15 or not _digits(number) or number[12:] >= "996":
        return number
    body = number[:6] + "19" + number[6:]
    return body + check_char(body)


def make_demo_id(birth: date, seq: int) -> str:
    """A number of nobody: area 000000, with a true check character. `seq` 0 to 999; odd is male."""
    body = f"{DEMO_AREA}{birth:%Y%m%d}{seq:03d}"
    return body + check_char(body)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _has_format(number: str) -> bool:
    return len(number) == 18 and _digits(number[:17]) and (number[17] == "X" or _digits(number[17]))


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
