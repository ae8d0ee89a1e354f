"""The rule of a sample as a value: how many of how many, which base, who must be in. A frame keeps its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.campaign import HouseholdBase
from models.draw import Rounding, required
from models.money import yuan


@dataclass(frozen=True, slots=True)
class Rule:
    """Source: 重点检查, S4. One share holds for both stages; years are those in scope, first and last."""

    share_percent: int
    rounding: Rounding
    committees_included: bool
    household_base: HouseholdBase
    mandatory_villages: tuple[str, ...]
    mandatory_items: tuple[str, ...]
    mandatory_from_cents: int | None
    year_from: int
    year_to: int

    @property
    def share(self) -> Fraction:
        """The floor of both stages."""
        return Fraction(self.share_percent, 100)

    @property
    def years(self) -> tuple[int, ...]:
        """Years of payments in scope."""
        return tuple(range(self.year_from, self.year_to + 1))

    @property
    def needs_payments(self) -> bool:
        """Whether the frame cannot be gathered without payment registers."""
        subsidised = self.household_base is HouseholdBase.SUBSIDISED
        return subsidised or bool(self.mandatory_items) or self.mandatory_from_cents is not None

    def floor(self, units: int) -> int:
        """How many of `units` the share asks for, mandatory ones or not."""
        return required(units, self.share.numerator, self.share.denominator, self.rounding)

    def stored(self) -> dict[str, Any]:
        """Plain JSON for the frame."""
        return {
            "share_percent": self.share_percent, "rounding": self.rounding.value,
            "committees_included": self.committees_included, "household_base": self.household_base.value,
            "mandatory_villages": list(self.mandatory_villages), "mandatory_items": list(self.mandatory_items),
            "mandatory_from_cents": self.mandatory_from_cents, "year_from": self.year_from, "year_to": self.year_to,
        }  # fmt: skip

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Rule":
        """What `stored` gave."""
        return cls(
            stored["share_percent"], Rounding(stored["rounding"]), stored["committees_included"],
            HouseholdBase(stored["household_base"]), tuple(stored["mandatory_villages"]),
            tuple(stored["mandatory_items"]), stored["mandatory_from_cents"], stored["year_from"], stored["year_to"],
        )  # fmt: skip

    def words(self, item_names: Mapping[str, str]) -> tuple[str, str, str]:
        """Three short lines: the share, the base, who must be in."""
        committees = "含居委会" if self.committees_included else "不含居委会"
        return (
            f"每镇村、每村户 ≥ {self.share_percent}%，{self.rounding.label}",
            f"{committees} · {self.household_base.label}",
            f"必查：{'、'.join(self._mandatory(item_names)) or '无'}",
        )

    def _mandatory(self, item_names: Mapping[str, str]) -> list[str]:
        found = [f"指定村 {len(self.mandatory_villages)} 个"] if self.mandatory_villages else []
        found += [f"{item_names.get(code, code)}户" for code in self.mandatory_items]
        if self.mandatory_from_cents is not None:
            found.append(f"{self.year_from}—{self.year_to} 年合计 {yuan(self.mandatory_from_cents)} 元以上户")
        return found
