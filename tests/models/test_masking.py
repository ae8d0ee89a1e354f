"""What is shown of a person: id_numbers.md, section 4."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.id_number import make_demo_id
from models.masking import deidentify_text, mask_account, mask_id, mask_name, mask_phone, mask_text

SOMEONE = make_demo_id(date(1961, 2, 3), 124)
CARD = "6228480402564890018"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("欧阳震华", "欧***"),
        (" 李四 ", "李*"),
        ("阿依古丽·买买提", "阿*******"),
        ("𠮷野", "𠮷*"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_an_identity_number_keeps_the_area_and_the_last_four() -> None:
    assert mask_id(SOMEONE) == f"000000********{SOMEONE[-4:]}"
    assert mask_id("420619610203123") == "420619********3123"
    assert mask_id("00000019610203124x") == "000000********124X"


def test_an_identity_number_is_recognised_as_people_write_it() -> None:
    full_width = SOMEONE.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    assert mask_id(f"' {full_width} ") == mask_id(SOMEONE) == mask_id(f"{SOMEONE[:6]} {SOMEONE[6:14]} {SOMEONE[14:]}")


@pytest.mark.parametrize(
    "odd", ["E12345678", "4213", SOMEONE[:17], SOMEONE + "1", "身份证丢失", "4.21E+17", "1234567890"]
)
def test_what_is_no_identity_number_is_hidden_whole(odd: str) -> None:
    assert mask_id(odd) == "********"


def test_an_account_keeps_its_last_four_and_not_its_length() -> None:
    assert mask_account(CARD) == "********0018"
    assert mask_account("6228 4804 0256 4890 018") == "********0018"
    assert mask_account("123456789012") == "********9012"
    assert mask_account("12345678901") == mask_account("A12345678") == "********"
    assert mask_account("") == ""


def test_a_phone_keeps_three_and_four() -> None:
    assert mask_phone("13800138000") == mask_phone("+86 138-0013-8000") == "138****8000"
    assert mask_phone("0722-3322110") == "072****2110"
    assert mask_phone("3322110") == mask_phone("110") == "****"


@given(st.text("0123456789Xx-· 张三", max_size=30))
def test_no_mask_ever_shows_more_than_it_may(value: str) -> None:
    digits = "".join(c for c in value if c.isdigit())
    for mask, most in ((mask_id, 10), (mask_account, 4), (mask_phone, 7)):
        shown = sum(c.isdigit() or c == "X" for c in mask(value))
        assert shown <= most
        assert shown == 0 or len(digits) >= shown + 4


def test_numbers_in_free_text_are_masked_in_their_place() -> None:
    text = f"张三（{SOMEONE}）电话13800138000，卡号{CARD}，2021年耕地地力保护补贴多发170.50元。"
    assert mask_text(text, ["张三"]) == (
        f"张*（000000********{SOMEONE[-4:]}）电话138****8000，卡号********0018，2021年耕地地力保护补贴多发170.50元。"
    )


@pytest.mark.parametrize(
    "written",
    [
        "6228 4804 0256 4890 018",
        "6228-4804-0256-4890",
        "６２２８４８０４０２５６４８９００１８",
        f"{SOMEONE[:6]} {SOMEONE[6:14]} {SOMEONE[14:]}",
        "420619610203123",
        "00000019610203124x",
        f"{SOMEONE}{SOMEONE}",
        "138 0013 8000",
        "＋86 13800138000",
        "0722-3322110",
    ],
)
def test_a_number_in_groups_or_in_full_width_does_not_slip_through(written: str) -> None:
    hidden = deidentify_text(f"见附件{written}号")
    assert not any(c.isdigit() for c in hidden), hidden
    assert written not in mask_text(f"见附件{written}号")


def test_dates_amounts_codes_and_years_are_left_alone() -> None:
    text = "SZ2022-SX-0001，2022-07-24 至 2022-08-15，2019-2021 年，4.5亩，1,234,567.89元，第20220724号，12345678901 元"
    assert mask_text(text) == deidentify_text(text) == text


def test_eighteen_digits_that_hold_no_birthday_show_as_little_as_an_account() -> None:
    assert mask_text("折号123456789012345678") == "折号********5678"


def test_the_longer_name_is_masked_before_the_one_within_it() -> None:
    assert mask_text("欧阳震华与欧阳震同住", ["欧阳震", "欧阳震华", "", "同"]) == "欧***与欧**同住"


def test_the_public_reads_of_nobody() -> None:
    text = f"村民张三（{SOMEONE}、{CARD}、13800138000）与组长李四"
    assert deidentify_text(text, ["张三", "李四"]) == "村民某某（（身份证号略）、（账号略）、（电话略））与组长某某"
