"""Does a stored draw follow from its seed and its frame? Recomputed from the lists themselves, replacements too."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.draw import Ranked, RankKind
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region
from models.roster import Household
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage, SampleFrame
from models.sample_frame import Frame, lines_of, list_hash
from queries.reading import reading
from queries.sample_frame import stored_frame

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What a frame raises that no freeze could have written."""


@dataclass(frozen=True, slots=True)
class DrawCheck:
    """What came of it. Counts are of the rows stored; each finding is a Chinese sentence."""

    ok: bool
    findings: tuple[str, ...]
    villages: int
    households: int

    @property
    def summary(self) -> str:
        """One line for the terminal and the screen."""
        if self.ok:
            return f"一致：{self.villages} 个村、{self.households} 户与种子和抽样框重算的结果逐一相符。"
        return f"不一致：发现 {len(self.findings)} 处。"


@dataclass(frozen=True, slots=True)
class _Unit:
    """One stored row: a village or a household, by code."""

    id: int
    code: str
    parent: int | None
    stratum: str
    rank: int
    rank_hash: str
    kind: DrawnKind
    recorded_at: datetime
    replaced_by_id: int | None
    reason: str | None
    replaced_at: datetime | None


@dataclass(slots=True)
class _Findings:
    sentences: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        self.sentences.append(sentence)


def verify_draw(sample_id: int) -> DrawCheck:
    """Recompute a draw, abandoned ones too, and its replacements. Raises NotFoundOrNotYours for an unknown id.

    Asks nobody's permission: it says whether, and which codes, never who lives there. Doors show it to those who see
    samples.
    """
    with reading() as session:
        sample = session.get(Sample, sample_id)
        if sample is None:
            raise NotFoundOrNotYours("抽样")
        findings = _Findings(list(_frame_findings(session, sample.frame_id)))
        villages, households = _stored_villages(session, sample), _stored_households(session, sample)
        try:
            _compare(stored_frame(session, sample.frame_id), sample.seed, villages, households, findings)
        except Refused as refused:
            findings.add(f"抽样框已不能用来重抽：{refused}")
        except UNREADABLE:
            findings.add("抽样框里的规则或清单读不出来，不是封存时写入的。")
        return DrawCheck(not findings.sentences, tuple(findings.sentences), len(villages), len(households))


def _frame_findings(session: Session, frame_id: int) -> Iterator[str]:
    """Lists that are not the ones whose hashes were printed."""
    row = session.get_one(SampleFrame, frame_id)
    for text, digest, name in (
        (row.village_codes, row.village_hash, "村清单"), (row.household_codes, row.household_hash, "户清单"),
        (row.mandatory_villages, row.mandatory_village_hash, "必查村名单"),
        (row.mandatory_households, row.mandatory_household_hash, "必查户名单"),
    ):  # fmt: skip
        if list_hash(text) != digest:
            yield f"抽样框的{name}与封存时的散列值不符，被改动过。"
    if [line.partition(",")[0] for line in lines_of(row.village_strata)] != lines_of(row.village_codes):
        yield "抽样框的村与乡镇对照表和村清单对不上，被改动过。"
    counts = (len(lines_of(row.village_codes)), len(lines_of(row.household_codes)))
    if counts != (row.village_count, row.household_count):
        yield "抽样框的村数、户数和清单的行数不符，被改动过。"


def _stored_villages(session: Session, sample: Sample) -> list[_Unit]:
    rows = session.execute(
        sa.select(SampledVillage, Region.code)
        .join(Region, Region.id == SampledVillage.region_id)
        .where(SampledVillage.sample_id == sample.id)
        .order_by(SampledVillage.id)
    )
    return [_unit(row, code, None) for row, code in rows]


def _stored_households(session: Session, sample: Sample) -> list[_Unit]:
    rows = session.execute(
        sa.select(SampledHousehold, Household.code)
        .join(Household, Household.id == SampledHousehold.household_id)
        .where(SampledHousehold.sample_id == sample.id)
        .order_by(SampledHousehold.id)
    )
    return [_unit(row, code, row.sampled_village_id) for row, code in rows]


def _unit(row: SampledVillage | SampledHousehold, code: str, parent: int | None) -> _Unit:
    return _Unit(
        row.id, code, parent, row.stratum, row.rank, row.rank_hash, row.kind, row.recorded_at, row.replaced_by_id,
        row.reason, row.replaced_at,
    )  # fmt: skip


def _compare(
    frame: Frame, seed: str, villages: Sequence[_Unit], households: Sequence[_Unit], findings: _Findings
) -> None:
    drawn = frame.draw(seed)
    by_town = _by_stratum(villages)
    for town in sorted(by_town.keys() | drawn.villages.keys()):
        _compare_stratum("村", by_town.get(town, []), drawn.villages.get(town, ()), findings)
    strata: dict[str, Sequence[Ranked]] = dict(drawn.households)
    for unit in villages:
        if unit.code not in strata and unit.kind is DrawnKind.REPLACEMENT:
            strata[unit.code] = frame.household_stratum(seed, unit.code)
    by_village = _by_stratum(households)
    for village in sorted(by_village.keys() | strata.keys()):
        _compare_stratum("户", by_village.get(village, []), strata.get(village, ()), findings)
    _compare_parents(villages, households, findings)


def _by_stratum(units: Iterable[_Unit]) -> dict[str, list[_Unit]]:
    groups: dict[str, list[_Unit]] = {}
    for unit in units:
        groups.setdefault(unit.stratum, []).append(unit)
    return groups


def _compare_stratum(word: str, stored: Sequence[_Unit], ranked: Sequence[Ranked], findings: _Findings) -> None:
    """One town's villages or one village's households: who is in, why, in what rank, and who replaced whom."""
    expected = {unit.code: unit for unit in ranked}
    first = [unit for unit in stored if unit.kind is not DrawnKind.REPLACEMENT]
    chosen = {unit.code for unit in ranked if unit.chosen}
    for code in sorted(chosen - {unit.code for unit in first}):
        findings.add(f"{word} {code} 按种子应当抽中，名单里没有。")
    for unit in first:
        if unit.code not in chosen:
            findings.add(f"{word} {unit.code} 按种子没有抽中，名单里却有。")
    for unit in stored:
        if unit.code in expected and not _agrees(unit, expected[unit.code]):
            findings.add(f"{word} {unit.code} 的次序、散列值或入选方式与重算的不符，被改动过。")
    _compare_replacements(word, stored, ranked, findings)


def _agrees(unit: _Unit, ranked: Ranked) -> bool:
    kind = DrawnKind.REPLACEMENT if ranked.kind is RankKind.RESERVE else DrawnKind(ranked.kind.value)
    return (unit.rank, unit.rank_hash, unit.kind) == (ranked.position, ranked.hash, kind)


def _compare_replacements(word: str, stored: Sequence[_Unit], ranked: Sequence[Ranked], findings: _Findings) -> None:
    """Replacements take the reserve in its order, each for one unit that stays listed with a reason."""
    put_in = [unit for unit in stored if unit.kind is DrawnKind.REPLACEMENT]
    reserve = [unit.code for unit in ranked if unit.kind is RankKind.RESERVE]
    for unit, code in zip(put_in, [*reserve[: len(put_in)], *[None] * len(put_in)], strict=False):
        if unit.code != code:
            findings.add(f"替补{word} {unit.code} 不是按次序的下一个{f'，应当是 {code}' if code else ''}。")
    by_id = {unit.id: unit for unit in stored}
    replaced = [unit for unit in stored if unit.replaced_by_id is not None]
    for unit in replaced:
        successor = by_id.get(unit.replaced_by_id or 0)
        if successor is None or successor.kind is not DrawnKind.REPLACEMENT:
            findings.add(f"{word} {unit.code} 记为被替换，但替补不在同一层的名单里。")
        elif not unit.reason or unit.replaced_at != successor.recorded_at:
            findings.add(f"{word} {unit.code} 的替换没有理由，或时间与替补的记录不符。")
    named = [unit.replaced_by_id for unit in replaced]
    for unit in put_in:
        if named.count(unit.id) != 1:
            findings.add(f"替补{word} {unit.code} 没有对应的被替换{word}，或对应了不止一个。")
    for unit in stored:
        if unit.replaced_by_id is None and (unit.replaced_at is not None or unit.reason is not None):
            findings.add(f"{word} {unit.code} 记为被替换，但没有写明替补是谁。")


def _compare_parents(villages: Sequence[_Unit], households: Sequence[_Unit], findings: _Findings) -> None:
    """Each household hangs under the row of its own village."""
    codes = {unit.id: unit.code for unit in villages}
    for unit in households:
        if unit.parent is None or codes.get(unit.parent) != unit.stratum:
            findings.add(f"户 {unit.code} 不在它自己的村下面，被改动过。")
