"""屡查屡犯: on what ground a problem repeats an earlier one. Nothing of it is stored: it is asked of the record."""

from enum import StrEnum


class RepeatGround(StrEnum):
    """What the two problems have in common; the earlier one was handed over before the later was registered, and not
    dismissed."""

    UNIT_TYPE = "UNIT_TYPE"
    VILLAGE_TYPE = "VILLAGE_TYPE"
    VILLAGE_ITEM = "VILLAGE_ITEM"
    PERSON = "PERSON"
    CARD = "CARD"
    CAUSE = "CAUSE"

    @property
    def label(self) -> str:
        """The words between the two problems: 与 … 同一责任单位、同一类别."""
        return {
            "UNIT_TYPE": "同一责任单位、同一类别", "VILLAGE_TYPE": "同一村、同一类别",
            "VILLAGE_ITEM": "同一村、同一补贴项目", "PERSON": "同一人", "CARD": "同一张卡（折）",
            "CAUSE": "同一共性问题",
        }[self.value]  # fmt: skip
