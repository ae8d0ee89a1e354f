"""What the newspaper page says of each reporting unit, as exact numbers (docs/demonstration.md says how)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reported:
    """One reporting unit: towns with their numbers of villages, and what it reported of itself. Amounts in 分.

    `households`, `people`: visited in the self-check, by all its villages; None: the source names no number.
    """

    code: str
    name: str
    letters: str
    county: str
    towns: tuple[int, ...]
    departments: tuple[str, ...]
    households: int | None = None
    people: int = 0
    cards: int = 0
    departments_report: bool = False
    amount_cents: int = 0
    payees: int = 0
    payee_households: int = 0

    @property
    def villages(self) -> int:
        """How many villages the unit has."""
        return sum(self.towns)


SUIXIAN = Reported(
    "421321000000", "随县", "SX", "421321000000",
    (22, 19, 17, 21, 18, 16, 24, 20, 19, 17, 23, 18, 20, 16, 21, 19, 18, 17, 20, 19),
    ("民政局", "财政局", "农业农村局", "林业局", "水利和湖泊局", "人力资源和社会保障局", "残疾人联合会",
     "退役军人事务局", "乡村振兴局", "卫生健康局", "住房和城乡建设局", "应急管理局"),
    households=11_300, people=16_900, cards=193_600, departments_report=True,
)  # fmt: skip
GUANGSHUI = Reported(
    "421381000000", "广水市", "GS", "421381000000",
    (20, 19, 16, 23, 19, 20, 16, 19, 13, 20, 23, 16, 19, 20, 20, 16, 23, 13),
    ("民政局", "财政局", "农业农村局"),
)  # fmt: skip
ZENGDU = Reported(
    "421303000000", "曾都区", "ZD", "421303000000", (18, 17, 14, 16, 15, 19, 13, 16, 17, 13),
    ("民政局", "财政局", "农业农村局"), households=8_218, people=24_438,
)  # fmt: skip
HIGH_TECH = Reported(
    "ZGX", "高新区", "GX", "421303000000", (7,), ("民政局", "财政金融局", "农业农村局", "社会事业局"),
    departments_report=True,
)  # fmt: skip
DAHONGSHAN = Reported(
    "ZDHS", "大洪山", "DHS", "421321000000", (9,),
    ("民政局", "财政局", "林业局", "计生办", "退役军人事务局", "景区管理局", "人力资源和社会保障局", "水管站"),
    households=4_266, people=17_000, departments_report=True,
    amount_cents=3_166_000_000, payees=8_646, payee_households=8_562,
)  # fmt: skip
UNITS = (SUIXIAN, GUANGSHUI, ZENGDU, HIGH_TECH, DAHONGSHAN)
"""In the office's fixed order."""

INSPECTED_HOUSEHOLDS = 11_669
"""广水's 重点检查, in 103 villages: 30 % of the villages of each of its towns, rounded up, is 103."""
LEAFLETS = {"随县": 20_600, "曾都区": 12_000}
DOOR_TO_DOOR = {"随县": 1_256, "曾都区": 65}
SELF_FOUND = 24
"""曾都's problems found by self-check, nearly all rectified by now."""
FRAUDS = (6, 5, 7, 4, 5, 6, 3, 5, 4)
"""随县's 虚报冒领 in three towns: people in each; 700 元 a head came back, 31,500 元 in all."""
WITHHELD_CARDS = (4, 3, 6)
"""随县's 私自保管, in the same towns: households in each. With the frauds 12 problems (10余起)."""
SANCTIONED = (2, 1, 1)
"""Party sanctions, by decision: 4 people."""
