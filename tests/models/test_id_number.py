from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.id_number import IdVerdict, birth_date, check, check_char, make_demo_id, normalise, sex, upgraded

TODAY = date(2022, 9, 16)
VALID = make_demo_id(date(1956, 3, 4), 17)


def with_check(body: str) -> str:
    return body + check_char(body)


@given(st.dates(date(1903, 1, 1), TODAY), st.integers(0, 999))
def test_every_demo_number_is_valid_and_states_its_birth_date(born: date, seq: int) -> None:
    number = make_demo_id(born, seq)
    assert number.startswith("000000")
    assert check(number, TODAY) is IdVerdict.OK
    assert birth_date(number) == born


def test_the_check_character_is_that_of_the_standard() -> None:
    assert check_char("11010519491231002") == "X"  # the worked example printed in GB 11643-1999
    assert check_char("44052418800101001") == "4"  # the standard's second example


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_miscopied_digit_is_never_ok(place: int, shift: int) -> None:
    digit = str((int(VALID[place]) + shift) % 10)
    assert check(VALID[:place] + digit + VALID[place + 1 :], TODAY) is not IdVerdict.OK


@pytest.mark.parametrize("area", ["420619", "422902", "429009", "421303", "422501", "830000", "000000", "999999"])
def test_the_area_is_never_a_reason_to_refuse(area: str) -> None:
    assert check(with_check(f"{area}19500101123"), TODAY) is IdVerdict.OK


@pytest.mark.parametrize(
    "text", ["", "12345", VALID[:17], VALID + "1", VALID[:16] + "XX", VALID[:17] + "Y", "四" + VALID[1:], "1" * 15]
)
def test_a_wrong_length_or_character_is_a_matter_of_format(text: str) -> None:
    assert check(text, TODAY) is IdVerdict.FORMAT


def test_superscript_digits_are_not_digits() -> None:
    assert check("²" * 18, TODAY) is not IdVerdict.OK


@pytest.mark.parametrize("born", ["19900230", "20990101", "18991231", "19901301", "20220917", "00000101"])
def test_an_impossible_future_or_ancient_date_is_named_as_such(born: str) -> None:
    assert check(with_check(f"421303{born}123"), TODAY) is IdVerdict.DATE


def test_today_comes_from_outside() -> None:
    number = make_demo_id(date(2022, 9, 17), 1)
    assert check(number, date(2022, 9, 17)) is IdVerdict.OK


def test_full_width_spaces_apostrophe_and_small_x_are_folded() -> None:
    number = "11010519491231002X"
    wide = "".join(chr(ord(character) + 0xFEE0) for character in "11010519491231002x")
    assert normalise(f" '{wide[:6]}　{wide[6:]} ") == number
    assert check(wide, TODAY) is IdVerdict.OK


def test_an_odd_seventeenth_digit_is_a_man() -> None:
    assert sex(make_demo_id(date(1956, 3, 4), 17)) == "男"
    assert sex(make_demo_id(date(1956, 3, 4), 18)) == "女"
    assert sex("123") == ""


def test_fifteen_digits_are_upgraded_for_comparison_only() -> None:
    assert upgraded("000000560304017") == VALID
    assert upgraded("000000560304997") == "000000560304997"
    assert upgraded(VALID) == VALID


def test_no_sentence_carries_the_number() -> None:
    assert all(verdict.sentence.endswith("。") for verdict in IdVerdict)
