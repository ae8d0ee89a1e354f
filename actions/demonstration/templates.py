"""How the demonstration's problems read, and which kinds the source names where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """How problems of one kind read. `{v}` the village, `{n}` a number; money per head in 分, owed or to recover."""

    type_code: str
    title: str
    facts: str
    item: str | None = None
    owed: int = 0
    recover: int = 0


SHORT = Template(
    "P102",
    "{v}2021年度耕地地力保护补贴少发{n}户",
    "入户核对清册与银行到账：{v}{n}户2021年度耕地地力保护补贴到账少于清册，财政所说明为账号变更退票后未重发。",
    "S01",
    owed=26_000,
)
DECEASED = Template(
    "P103",
    "{v}{n}名死亡人员次月未停发高龄津贴",
    "比对民政死亡登记，{v}{n}名享受对象去世后次月仍发放高龄津贴，由家属支取。",
    "S17",
    recover=45_000,
)
UNPOSTED = Template(
    "P105",
    "{v}2021年度低保分配结果无公示留存",
    "{v}2021年度农村低保分配结果未见公示照片和公示期记录，村干部称已张贴未留存。",
    "S11",
)
UNSIGNED = Template(
    "P106",
    "{v}补贴清册无经办、审核签字，{n}户信息未更新",
    "{v}2020、2021年度清册无经办人和审核人签字，{n}户户主信息未更新。",
)
TWO_CARDS = Template(
    "P201",
    "{v}{n}人持两家银行的卡，补贴分散到账",
    "{v}{n}人因更换代发银行重复办卡，补贴分散到两张卡，群众使用不便。",
)
SHARED_OUT = Template(
    "P104",
    "{v}退耕还林补助先拨村集体再分配，涉及{n}户",
    "{v}2021年度退耕还林补助先拨入村集体账户，再由村按人头分给{n}户。",
    "S06",
    owed=30_000,
)
FEE = Template(
    "P203",
    "{v}换卡收取工本费，涉及{n}户",
    "{v}{n}户反映换卡时被收取工本费每户10元，应予退还。",
    None,
    owed=1_000,
)
FRAUD = Template(
    "P302",
    "{v}涉嫌以{n}名外出人员名义申领退耕还林补助",
    "涉嫌以{n}名长期外出人员名义申领退耕还林补助，资金去向待查。",
    "S06",
    recover=70_000,
)
WITHHELD = Template(
    "P304", "{v}涉嫌代管{n}户社保卡", "入户时{n}户称社保卡及密码由村民小组长统一保管，涉嫌未经本人同意私自保管。"
)
UNKNOWN = Template(
    "P105",
    "{v}惠农政策宣传不够，入户{n}户不知晓补贴项目",
    "入户询问，{v}{n}户说不清享受哪些补贴、标准多少，村里没有发过政策明白纸。",
)
CARD_FOR_BOOK = Template(
    "P201",
    "{v}{n}户以卡代折，看不出补贴明细",
    "{v}{n}户由存折换成银行卡后没有收到发放明细，到账各笔是什么补贴群众看不出来。",
)
COMMON_LAND = Template(
    "P106",
    "{v}村集体机动地承包流于形式，耕地地力保护补贴底数不实",
    "抽查2021年度耕地地力保护补贴，{v}村集体机动地没有承包合同和公示，涉及{n}户，补贴面积底数须重新核定。",
    "S01",
)
BY_UNIT = {
    "随县": ((SHORT, 25), (UNPOSTED, 15), (UNSIGNED, 10), (TWO_CARDS, 10), (SHARED_OUT, 8), (FEE, 5)),
    "广水市": ((TWO_CARDS, 14), (CARD_FOR_BOOK, 10), (DECEASED, 18), (UNPOSTED, 16), (UNKNOWN, 10), (SHORT, 18),
            (UNSIGNED, 8)),
    "曾都区": ((SHORT, 10), (UNSIGNED, 8), (TWO_CARDS, 6)),
    "高新区": ((UNSIGNED, 2), (CARD_FOR_BOOK, 1)),
    "大洪山": ((COMMON_LAND, 1),),
}  # fmt: skip
"""Kinds found by inspection with their weights: 广水 and 大洪山 name their own, offences are named in 随县 only."""
SELF_CHECK = (UNPOSTED, UNSIGNED, SHORT, TWO_CARDS, SHARED_OUT)
"""What a town finds at home."""
