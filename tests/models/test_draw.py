import csv
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.formula.translate import Translator

from models.draw import (
    Draw,
    Ranked,
    RankKind,
    Rounding,
    commitment,
    draw_stratum,
    draw_two_stage,
    frame_hash,
    joined_seed,
    next_replacement,
    rank_hash,
    required,
)
from models.refusal import Refused

DOCS = Path(__file__).parents[2] / "docs"
THIRTY = Fraction(3, 10)
SEED = "2022091"
SEEDS = st.text("0123456789abc|甲", min_size=1, max_size=12)
CODES = st.sets(st.integers(0, 999).map(lambda n: f"{n:012d}"), max_size=60)
SHARES = st.integers(1, 100).map(lambda percent: Fraction(percent, 100))


@st.composite
def strata(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """The codes of a stratum and the mandatory ones among them."""
    codes = sorted(draw(CODES))
    return codes, sorted(draw(st.sets(st.sampled_from(codes)))) if codes else []


def villages(town: int, count: int) -> list[str]:
    return [f"000000{town:03d}{n:03d}" for n in range(1, count + 1)]


def households(village: str, count: int) -> list[str]:
    return [f"{village}/{n:04d}" for n in range(1, count + 1)]


TOWNS = {"000000001": villages(1, 11), "000000002": villages(2, 7), "000000003": villages(3, 1), "000000004": []}
HOMES = {village: households(village, 5 + int(village) % 23) for town in TOWNS.values() for village in town}
MUST_VILLAGES = ["000000001003", "000000002001"]
MUST_HOUSEHOLDS = [home for homes in HOMES.values() for home in homes if home.endswith(("/0002", "/0005"))]


def two_stage(seed: str = SEED, towns: dict[str, list[str]] = TOWNS, homes: dict[str, list[str]] = HOMES) -> Draw:
    return draw_two_stage(seed, towns, homes, MUST_VILLAGES, MUST_HOUSEHOLDS, THIRTY, THIRTY)


def chosen(units: Iterable[Ranked]) -> list[str]:
    return [unit.code for unit in units if unit.chosen]


# Hashes


def test_the_frame_hash_is_that_of_the_sorted_file(tmp_path: Path) -> None:
    codes = ["000000001002", "000000001001/0010", "000000001001/甲-1", "000000001001", "000000001001/9"]
    listed = tmp_path / "codes.txt"
    listed.write_text("".join(f"{code}\n" for code in codes), encoding="utf-8")
    said = subprocess.run(
        f"sort '{listed}' | sha256sum", shell=True, capture_output=True, text=True, check=True,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    assert said.stdout.split()[0] == frame_hash(codes)
    assert frame_hash([]) == hashlib.sha256(b"").hexdigest()


@given(CODES)
def test_the_frame_hash_does_not_depend_on_the_order(codes: set[str]) -> None:
    assert frame_hash(sorted(codes, reverse=True)) == frame_hash(sorted(codes))


def test_a_rank_is_the_hash_of_seed_bar_code() -> None:
    assert rank_hash("甲|7", "000000001001") == hashlib.sha256("甲|7|000000001001".encode()).hexdigest()


def test_two_shares_are_committed_first_and_joined_in_their_order() -> None:
    assert commitment("甲的一份") == hashlib.sha256("甲的一份".encode()).hexdigest()
    assert joined_seed(["b-17", "a-42"]) == "b-17|a-42"


# How many


@given(st.integers(0, 2_000_000))
def test_thirty_percent_upward_is_the_formula_of_the_design(n_units: int) -> None:
    assert required(n_units, 3, 10) == required(n_units, 30, 100) == (3 * n_units + 9) // 10


@pytest.mark.parametrize(
    ("n_units", "up", "half_up", "down"), [(0, 0, 0, 0), (1, 1, 0, 0), (5, 2, 2, 1), (10, 3, 3, 3), (18, 6, 5, 5)]
)
def test_each_rounding_gives_its_own_number(n_units: int, up: int, half_up: int, down: int) -> None:
    assert [required(n_units, 3, 10, rounding) for rounding in Rounding] == [up, half_up, down]


@pytest.mark.parametrize(("n_units", "numerator", "denominator"), [(-1, 3, 10), (5, -1, 10), (5, 11, 10), (5, 0, 0)])
def test_a_share_that_cannot_be_is_an_error(n_units: int, numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError):
        required(n_units, numerator, denominator)


# One stratum


@given(SEEDS, strata(), SHARES, st.sampled_from(Rounding))
def test_a_stratum_gives_as_many_as_required_and_every_mandatory_unit(
    seed: str, stratum: tuple[list[str], list[str]], share: Fraction, rounding: Rounding
) -> None:
    codes, mandatory = stratum
    ranked = draw_stratum(seed, codes, mandatory, share, rounding)
    wanted = required(len(codes), share.numerator, share.denominator, rounding)
    assert len(chosen(ranked)) == max(wanted, len(mandatory))
    assert sorted(unit.code for unit in ranked if unit.kind is RankKind.MANDATORY) == mandatory
    assert sorted(unit.code for unit in ranked) == codes
    assert [unit.position for unit in ranked] == list(range(1, len(codes) + 1))


@given(SEEDS, strata(), SHARES)
def test_mandatory_units_come_first_and_each_part_ascends_by_hash(
    seed: str, stratum: tuple[list[str], list[str]], share: Fraction
) -> None:
    codes, mandatory = stratum
    ranked = draw_stratum(seed, codes, mandatory, share)
    musts, others = ranked[: len(mandatory)], ranked[len(mandatory) :]
    assert {unit.code for unit in musts} == set(mandatory)
    for part in (musts, others):
        assert [unit.hash for unit in part] == sorted(unit.hash for unit in part)
    kinds = [unit.kind for unit in others]
    assert kinds == sorted(kinds, key=[RankKind.DRAWN, RankKind.RESERVE].index)


@given(strata(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(stratum: tuple[list[str], list[str]], random: Random) -> None:
    codes, mandatory = stratum
    shuffled = list(codes)
    random.shuffle(shuffled)
    assert draw_stratum(SEED, shuffled, mandatory[::-1], THIRTY) == draw_stratum(SEED, codes, mandatory, THIRTY)


def test_another_seed_draws_others() -> None:
    codes = villages(1, 200)
    assert chosen(draw_stratum("1", codes, [], THIRTY)) != chosen(draw_stratum("2", codes, [], THIRTY))


def test_more_mandatory_units_than_required_are_all_in_and_nobody_else() -> None:
    codes = villages(1, 10)
    ranked = draw_stratum(SEED, codes, codes[:5], THIRTY)
    assert sorted(chosen(ranked)) == codes[:5]


@pytest.mark.parametrize("seed", ["", " ", "7 ", "\t7", "7\n8"])
def test_a_seed_that_cannot_be_read_from_paper_is_refused(seed: str) -> None:
    with pytest.raises(Refused, match="种子不能为空"):
        draw_stratum(seed, villages(1, 3), [], THIRTY)
    with pytest.raises(Refused, match="种子不能为空"):
        two_stage(seed)


@pytest.mark.parametrize(
    ("codes", "mandatory", "sentence"),
    [
        (["1", "2", "1"], [], "抽样框里有 1 个编号重复：1。"),
        (["1", "2 ", ""], [], "抽样框里有 2 个编号为空或带空格、换行：''、'2 '。"),
        (["1", "2"], ["6", "5", "4", "3"], "有 4 个编号不在抽样框里：3、4、5等。"),
    ],
)
def test_a_faulty_frame_is_refused_by_name(codes: list[str], mandatory: list[str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        draw_stratum(SEED, codes, mandatory, THIRTY)


# Two stages


def test_villages_are_drawn_in_each_town_and_households_in_each_chosen_village() -> None:
    draw = two_stage()
    assert {town: len(chosen(units)) for town, units in draw.villages.items()} == {
        "000000001": 4, "000000002": 3, "000000003": 1, "000000004": 0,
    }  # fmt: skip
    assert list(draw.households) == draw.chosen_villages()
    for village, units in draw.households.items():
        assert len(chosen(units)) == (3 * len(HOMES[village]) + 9) // 10
    assert set(MUST_VILLAGES) <= set(draw.chosen_villages())
    assert {home for home in MUST_HOUSEHOLDS if home.split("/")[0] in draw.households} <= set(draw.chosen_households())


def test_each_stage_has_its_own_share() -> None:
    draw = draw_two_stage(SEED, TOWNS, HOMES, [], [], Fraction(1), Fraction(1, 5))
    assert len(draw.chosen_villages()) == 19
    assert len(HOMES["000000001001"]) == 17
    assert len(chosen(draw.households["000000001001"])) == 4


@given(st.sets(st.integers(1, 30), min_size=1), st.integers(1, 9))
def test_a_town_more_or_less_moves_no_other_town(more: set[int], count: int) -> None:
    added = {f"000000{100 + town:03d}": villages(100 + town, count) for town in more}
    homes = {village: households(village, 4) for town in added.values() for village in town}
    before, after = two_stage(), two_stage(towns=TOWNS | added, homes=HOMES | homes)
    assert {town: after.villages[town] for town in TOWNS} == before.villages
    assert {village: after.households[village] for village in before.households} == before.households


def test_the_order_of_towns_villages_and_households_does_not_matter() -> None:
    towns = {town: codes[::-1] for town, codes in reversed(TOWNS.items())}
    homes = {village: codes[::-1] for village, codes in reversed(HOMES.items())}
    again = two_stage(towns=towns, homes=homes)
    assert again == two_stage()
    assert again.chosen_households() == two_stage().chosen_households()


def test_a_chosen_village_without_households_is_listed_with_none() -> None:
    bare = draw_two_stage(SEED, TOWNS, {}, [], [], THIRTY, THIRTY)
    assert bare.chosen_villages() and bare.chosen_households() == []
    assert set(bare.households) == set(bare.chosen_villages())


def test_a_village_in_two_towns_and_households_of_no_village_are_refused() -> None:
    with pytest.raises(Refused, match="1 个编号重复：000000001001"):
        two_stage(towns=TOWNS | {"000000009": ["000000001001"]})
    with pytest.raises(Refused, match="不在抽样框里：000000009001"):
        two_stage(homes=HOMES | {"000000009001": households("000000009001", 2)})
    with pytest.raises(Refused, match="不在抽样框里：000000001003"):
        two_stage(towns=TOWNS | {"000000001": ["000000001001"]}, homes={})


def test_a_mandatory_household_off_the_roster_is_refused() -> None:
    with pytest.raises(Refused, match="不在抽样框里：000000001001/9999"):
        draw_two_stage(SEED, TOWNS, HOMES, [], ["000000001001/9999"], THIRTY, THIRTY)


# Replacements


def test_the_next_in_rank_replaces_and_is_not_used_twice() -> None:
    stratum = two_stage().villages["000000001"]
    reserve = [unit for unit in stratum if unit.kind is RankKind.RESERVE]
    assert next_replacement(stratum, []) == reserve[0]
    assert next_replacement(stratum, {reserve[0].code}) == reserve[1]
    assert next_replacement(stratum, {unit.code for unit in reserve}) is None


def test_a_replacement_is_never_a_unit_that_is_already_in() -> None:
    stratum = two_stage().villages["000000002"]
    replacement = next_replacement(stratum, [])
    assert replacement is not None
    assert replacement.position == len(chosen(stratum)) + 1


# A stranger draws again


def run_script(folder: Path, *arguments: str) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-I", str(DOCS / "verify_draw.py"), *arguments],
        cwd=folder, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return said.stdout.splitlines()


def write_frame(folder: Path) -> None:
    """The files in an order of their own: the script must not lean on ours."""
    frame = sorted((village, town) for town, codes in TOWNS.items() for village in codes)
    homes = [home for codes in HOMES.values() for home in codes]
    (folder / "村清单.csv").write_text("".join(f"{v},{t}\n" for v, t in frame[::-1]), encoding="utf-8-sig")
    (folder / "户清单.txt").write_text("".join(f"{home}\n" for home in sorted(homes, reverse=True)))
    (folder / "必查村.txt").write_text("\n".join(MUST_VILLAGES))
    (folder / "必查户.txt").write_text("\r\n".join(MUST_HOUSEHOLDS))


def as_printed(draw: Draw) -> list[str]:
    return [line for village in draw.chosen_villages() for line in (village, *chosen(draw.households[village]))]


@pytest.mark.parametrize("seed", [SEED, "甲的一份|乙的一份"])
def test_a_stranger_with_ten_lines_draws_the_same(tmp_path: Path, seed: str) -> None:
    write_frame(tmp_path)
    printed = run_script(tmp_path, seed, "村清单.csv", "户清单.txt", "必查村.txt", "必查户.txt")
    assert printed == as_printed(two_stage(seed))


def test_a_stranger_draws_the_same_without_mandatory_lists(tmp_path: Path) -> None:
    write_frame(tmp_path)
    ours = draw_two_stage(SEED, TOWNS, HOMES, [], [], THIRTY, THIRTY)
    assert run_script(tmp_path, SEED, "村清单.csv", "户清单.txt") == as_printed(ours)


def test_the_script_borrows_nothing_from_the_product() -> None:
    imports = re.findall(r"^(?:from|import) (\S+)", (DOCS / "verify_draw.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert imports == ["hashlib", "sys"]


# The page that tells strangers how


PAGE = (DOCS / "verify-a-draw.md").read_text(encoding="utf-8")
EXAMPLE = [f"000000001{n:03d}" for n in range(1, 11)]


def test_the_page_carries_the_script_word_for_word() -> None:
    assert f"```python\n{(DOCS / 'verify_draw.py').read_text(encoding='utf-8')}```" in PAGE


def test_the_example_of_the_page_is_drawn_as_it_says() -> None:
    rows = re.findall(r"^\| (\d+) \| (\d{12}) \| `([0-9a-f]{64})` \| (\S+) \|$", PAGE, re.MULTILINE)
    ranked = draw_stratum("2022091", EXAMPLE, ["000000001003"], THIRTY)
    assert rows == [(str(unit.position), unit.code, unit.hash, unit.kind.label) for unit in ranked]
    assert frame_hash(EXAMPLE) in PAGE


@pytest.mark.libreoffice
def test_the_spreadsheet_formulas_of_the_page_mark_the_same_units(tmp_path: Path) -> None:
    formulas = dict(re.findall(r"^\| ([D-G])2 \| `(=.*?)` \|", PAGE, re.MULTILINE))
    assert list(formulas) == ["D", "E", "F", "G"]
    write_sheet(tmp_path / "draw.xlsx", formulas)
    marked = {code: result for _, code, _, _, _, _, result in recalculated(tmp_path / "draw.xlsx")[1:]}
    ranked = [unit for units in two_stage().villages.values() for unit in units]
    assert marked == {unit.code: "抽中" if unit.chosen else "备选" for unit in ranked}


def write_sheet(path: Path, formulas: dict[str, str]) -> None:
    """What a person has after the sorting: town, mandatory first, hash."""
    book = Workbook()
    sheet, musts = book.create_sheet("村", 0), book.create_sheet("必查")
    sheet.append(["层", "编号", "排序码", "必查", "名次", "应抽", "结果"])
    rows = [(town, code) for town, codes in TOWNS.items() for code in codes]
    rows.sort(key=lambda row: (row[0], row[1] not in MUST_VILLAGES, rank_hash(SEED, row[1])))
    for number, (town, code) in enumerate(rows, start=2):
        copied = (Translator(f, f"{column}2").translate_formula(f"{column}{number}") for column, f in formulas.items())
        sheet.append([town, code, rank_hash(SEED, code), *copied])
    for code in MUST_VILLAGES:
        musts.append([code])
    book.save(path)


def recalculated(path: Path) -> list[list[str]]:
    """The first sheet as LibreOffice computes and shows it."""
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(path.parent), str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
