"""The three kinds of file that come in on this page, and the words for them."""

from enum import StrEnum

from models.role import Permission
from queries.header_mapping import Register


class RegisterKind(StrEnum):
    """What is taken in."""

    ROSTER = "roster"
    PAYMENTS = "payments"
    REGIONS = "regions"

    @property
    def label(self) -> str:
        """The word on the switch."""
        return {"roster": "名册", "payments": "发放登记", "regions": "区划"}[self.value]

    @property
    def verb(self) -> str:
        """The heading of the card."""
        return f"导入{self.label}"

    @property
    def permission(self) -> Permission:
        """Who finds it on the switch."""
        return {
            "roster": Permission.IMPORT_ROSTER,
            "payments": Permission.IMPORT_PAYMENTS,
            "regions": Permission.IMPORT_REGIONS,
        }[self.value]

    @property
    def register(self) -> Register | None:
        """Whose columns may be matched by hand."""
        return {"roster": Register.ROSTER, "payments": Register.PAYMENTS}.get(self.value)

    @property
    def unit(self) -> str:
        """What a row is: 笔 of payments, 行 of all else."""
        return "笔" if self is RegisterKind.PAYMENTS else "行"

    @property
    def hint(self) -> str:
        """What the file should be and what happens to it."""
        return {
            "roster": "一行一人。先检查，不写入；看过结果再导入。再次导入同一份不会重复，有变动的人留有前后两版。",
            "payments": "一行一笔。先检查，不写入；合计须与控制总额一分不差。再次导入同一份不会重复。",
            "regions": (
                "市、县、镇、村各一行，列：代码、上级代码、级别、名称、简称、类别；"
                "或功能区各镇一行，列：区代号、所辖镇代码。"
            ),
        }[self.value]

    @property
    def formats(self) -> str:
        """Which files are read."""
        return {
            "roster": "Excel（.xlsx、.xls）或 CSV",
            "payments": "Excel（.xlsx、.xls）、CSV 或 Parquet",
            "regions": "CSV（UTF-8 或 GB18030）",
        }[self.value]


KINDS = tuple(RegisterKind)
