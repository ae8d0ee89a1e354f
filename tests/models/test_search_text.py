"""What differs only by the keyboard is the same to a search."""

import pytest

from models.search_text import folded, search_text


@pytest.mark.parametrize(
    ("typed", "written"),
    [("〔2022〕14", "（２０２２）14"), ("[2022]14", "【2022】14"), ("SX-0005", "ｓｘ－０００５"),
     ("SX—0005", "sx_0005"), ("“一卡通”", '"一卡通"'), ("甲 一　村", "甲一村"), ("𠮷䶮", "𠮷 䶮")],
)  # fmt: skip
def test_both_sides_fold_to_the_same(typed: str, written: str) -> None:
    assert folded(typed) == folded(written)


def test_brackets_are_not_dashes() -> None:
    assert folded("〔2022〕") not in folded("SZ2022-SX-0001")


def test_what_cannot_be_stored_is_left_out() -> None:
    assert folded("低\x00保\ud842") == "低保"


def test_nothing_is_found_across_number_title_and_facts() -> None:
    assert folded("一二") not in search_text("0001", "一", "二")
