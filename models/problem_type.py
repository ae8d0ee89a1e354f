"""The 14 problem types in 3 groups (source: 致广大居民朋友们、农民朋友们的一封信, 受理范围 (一)–(三))."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.evidence import EvidenceKind

UPWARD_TYPE = "P107"
"""The policy itself: ends as 已向上级反映, has no deadline."""
MONEY = frozenset({EvidenceKind.BANK_SLIP, EvidenceKind.VOUCHER})
EVIDENCE_ASKED: dict[str, frozenset[EvidenceKind]] = {
    "P101": frozenset({EvidenceKind.DOCUMENT}),
    "P102": MONEY,
    "P103": MONEY,
    "P104": MONEY,
    "P105": frozenset({EvidenceKind.PHOTO}),
    "P106": frozenset({EvidenceKind.DOCUMENT}),
    "P107": frozenset({EvidenceKind.DOCUMENT}),
    "P201": frozenset({EvidenceKind.RETURN_SLIP}),
    "P202": frozenset({EvidenceKind.DOCUMENT}),
    "P203": MONEY,
    "P301": frozenset({EvidenceKind.DOCUMENT}),
    "P302": MONEY,
    "P303": MONEY,
    "P304": frozenset({EvidenceKind.RETURN_SLIP}),
}
"""Which kinds satisfy a request for 销号: money → slip or voucher; posting → dated photo; card → signed slip;
rule → document."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One type; `group` is A policy and funds, B cards, C offences (worded 涉嫌)."""

    code: str
    group: str
    group_label: str
    label: str
    explanation: str
    typical_severity: str

    @property
    def is_suspected_offence(self) -> bool:
        """Group C: worded 涉嫌, hidden from the accused unit until released, approved by the leader."""
        return self.group == "C"

    @property
    def evidence(self) -> frozenset[EvidenceKind]:
        """One of these kinds must lie with a request for 销号."""
        return EVIDENCE_ASKED[self.code]


_FULL_WIDTH = str.maketrans(",;()", "，；（）")
"""The table is kept as it came; on a Chinese screen its commas are full-width."""


@cache
def problem_types() -> dict[str, ProblemType]:
    """All 14, by code, in the source's order."""
    with (Path(__file__).parent / "problem_types.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["code"]: ProblemType(
                row["code"], row["group"], row["group_zh"], row["short_label_zh"],
                row["explanation_zh"].translate(_FULL_WIDTH), row["typical_severity"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip
