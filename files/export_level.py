"""How much an export shows, and the marks every export bears: level, 截至 date and the head of the audit chain."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.local_time import day_text, local
from models.masking import deidentify_text, mask_text


class ExportLevel(StrEnum):
    """Three levels; what each shows of a ledger stands in `ledger_columns.csv`, column by column."""

    PUBLIC = "public"
    UNIT = "unit"
    INTERNAL = "internal"

    @property
    def label(self) -> str:
        """The words on the sheet and in the file's name."""
        return {"public": "公开版", "unit": "责任单位版", "internal": "内部版"}[self.value]


@dataclass(frozen=True, slots=True)
class ExportMark:
    """What an export says of itself. `exported_at` is aware (UTC); `audit_head` is `SEQ HASH`, as printed by that verb.

    `conditions` is the filter in words. Names in it are the caller's to leave out: numbers are masked here, a public
    copy names nobody who made it.
    """

    level: ExportLevel
    as_of: date
    campaign_name: str
    conditions: str
    exported_by: str
    exported_at: datetime
    audit_head: str

    @property
    def proof(self) -> str:
        """内部版 · 截至 2022年9月16日 · 校验头 123 abcdef"""
        return f"{self.level.label} · 截至 {day_text(self.as_of)} · 校验头 {self.audit_head or '无'}"

    @property
    def scope(self) -> str:
        """The campaign and the filter in words."""
        return f"{self.campaign_name}　范围：{self.words(self.conditions) or '全部'}"

    def words(self, text: str) -> str:
        """A remark of the export itself, without numbers of people at any level."""
        return deidentify_text(text) if self.level is ExportLevel.PUBLIC else mask_text(text)

    @property
    def maker(self) -> str:
        """Who exported it and when, local time; the public copy says when only."""
        at = f"{local(self.exported_at):%Y-%m-%d %H:%M}"
        nameless = self.level is ExportLevel.PUBLIC or not self.exported_by
        return f"导出：{at}" if nameless else f"导出：{self.exported_by} {at}"

    @property
    def page_header(self) -> tuple[str, str]:
        """Left and right of the head of each printed page."""
        return f"{self.level.label} · 截至 {day_text(self.as_of)}", f"校验头 {self.audit_head or '无'}"
