"""Roles and what each may do: one table, compared exactly with the one in the docs."""

from enum import StrEnum


class Role(StrEnum):
    """The eight roles."""

    INSPECTOR = "inspector"
    UNIT = "unit"
    OFFICE = "office"
    LEADER = "leader"
    DISCIPLINE = "discipline"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SECURITY = "security"

    @property
    def label(self) -> str:
        """The word on screen."""
        return ROLE_LABELS[self]

    @property
    def needs_confirmation(self) -> bool:
        """Granting it is proposed by admin and confirmed by security."""
        return self in (Role.OFFICE, Role.LEADER, Role.DISCIPLINE)


ROLE_LABELS = {
    Role.INSPECTOR: "检查人员",
    Role.UNIT: "责任单位经办",
    Role.OFFICE: "领导小组办公室",
    Role.LEADER: "领导",
    Role.DISCIPLINE: "纪检监察",
    Role.AUDITOR: "审计",
    Role.ADMIN: "系统管理员",
    Role.SECURITY: "安全管理员",
}


class Permission(StrEnum):
    """One thing a person may do. Verbs on a problem carry the verb's own name after `issue.`."""

    SEE_LEDGER = "ledger.see"
    SEE_UNMASKED = "identity.unmasked"
    REVEAL = "identity.reveal"
    SEE_DASHBOARD = "dashboard.see"
    SEE_SAMPLE = "sample.see"
    FREEZE_FRAME = "sample.freeze"
    DRAW = "sample.draw"
    ADOPT = "sample.adopt"
    REPLACE = "sample.replace"
    SET_RULE = "campaign.set_rule"
    CREATE_CAMPAIGN = "campaign.create"
    SEE_SCHEDULE = "schedule.see"
    SET_SCHEDULE = "schedule.set"
    SET_LIGHTS = "campaign.set_lights"
    SET_CALENDAR = "calendar.set"
    WRITE_DIGESTS = "digest.write"
    FINISH_TASK = "task.finish"
    IMPORT_REGIONS = "region.import"
    MANAGE_REGIONS = "region.manage"
    IMPORT_ROSTER = "roster.import"
    IMPORT_PAYMENTS = "payment.import"
    IMPORT_FIELD_RECORDS = "field.import"
    FILL_CHECK = "check.fill"
    RETURN_CHECK = "check.return"
    SEE_CHECKS = "check.see"
    RAISE = "issue.raise"
    SUBMIT = "issue.submit"
    ASSIGN = "issue.assign"
    FIX = "issue.fix"
    RELEASE = "issue.release"
    SIGN = "issue.sign"
    REPORT = "issue.report"
    RECORD_MONEY = "issue.record_money"
    CORRECT_MONEY = "issue.correct_money"
    REQUEST = "issue.request"
    WITHDRAW = "issue.withdraw"
    ACCEPT = "issue.accept"
    RETURN = "issue.return"
    BACK = "issue.back"
    APPROVE = "issue.approve"
    PROPOSE_DISMISSAL = "issue.propose_dismissal"
    CONFIRM_DISMISSAL = "issue.confirm_dismissal"
    DECLINE_DISMISSAL = "issue.decline_dismissal"
    REINSTATE = "issue.reinstate"
    REOPEN = "issue.reopen"
    REASSIGN = "issue.reassign"
    LIST = "issue.list"
    UNLIST = "issue.unlist"
    CARRY_OVER = "issue.carry_over"
    CORRECT = "issue.correct"
    REMIND = "issue.remind"
    SUPERVISE = "issue.supervise"
    EXTEND = "issue.extend"
    DECIDE_EXTENSION = "issue.decide_extension"
    CONTEST = "issue.contest"
    ANSWER = "issue.answer"
    MANAGE_COMMON = "common.manage"
    TAKE_BACK = "look_back.take"
    CHECK_BACK = "look_back.check"
    MEASURE = "issue.measure"
    REVIEW = "issue.review"
    SPLIT = "issue.split"
    MERGE = "issue.merge"
    REFER = "issue.refer"
    REPLY = "issue.reply"
    SEPARATE = "issue.separate"
    SANCTION = "issue.sanction"
    RECORD_OUTCOME = "outcome.record"
    EXPORT = "export"
    EXPORT_INTERNAL = "export.internal"
    RETURN_LEDGER = "ledger.return"
    VERIFY_AUDIT = "audit.verify"
    SEE_AUDIT = "audit.see"
    MANAGE_PEOPLE = "people.manage"
    CONFIRM_GRANT = "people.confirm_grant"
    END_SESSIONS = "session.end"
    BACKUP = "backup"

    @property
    def label(self) -> str:
        """The words on screen and in the docs."""
        return PERMISSION_LABELS[self]


PERMISSION_LABELS = {
    Permission.SEE_LEDGER: "查看整改台账",
    Permission.SEE_UNMASKED: "查看本组检查户的完整身份信息",
    Permission.REVEAL: "说明理由后查看完整身份信息",
    Permission.SEE_DASHBOARD: "查看驾驶舱",
    Permission.SEE_SAMPLE: "查看抽样名单",
    Permission.FREEZE_FRAME: "封存抽样框",
    Permission.DRAW: "抽样",
    Permission.ADOPT: "采用抽样结果",
    Permission.REPLACE: "替换样本",
    Permission.SET_RULE: "设定抽样规则",
    Permission.CREATE_CAMPAIGN: "新建专项治理",
    Permission.SEE_SCHEDULE: "查看时间表和任务书",
    Permission.SET_SCHEDULE: "编排时间表和任务书",
    Permission.SET_LIGHTS: "设定临期提醒",
    Permission.SET_CALENDAR: "调整工作日历",
    Permission.WRITE_DIGESTS: "写到期提醒",
    Permission.FINISH_TASK: "办结任务",
    Permission.IMPORT_REGIONS: "导入区划",
    Permission.MANAGE_REGIONS: "管理区划和填报单位",
    Permission.IMPORT_ROSTER: "导入名册",
    Permission.IMPORT_PAYMENTS: "导入发放登记",
    Permission.IMPORT_FIELD_RECORDS: "导入自查表和工作登记",
    Permission.FILL_CHECK: "填写一户一表",
    Permission.RETURN_CHECK: "退回一户一表",
    Permission.SEE_CHECKS: "查看一户一表",
    Permission.RAISE: "登记问题",
    Permission.SUBMIT: "提交问题",
    Permission.ASSIGN: "交办",
    Permission.FIX: "立查立改",
    Permission.RELEASE: "告知责任单位",
    Permission.SIGN: "签收",
    Permission.REPORT: "填报进展",
    Permission.RECORD_MONEY: "登记资金",
    Permission.CORRECT_MONEY: "更正资金",
    Permission.REQUEST: "申请销号",
    Permission.WITHDRAW: "撤回申请",
    Permission.ACCEPT: "验收",
    Permission.RETURN: "退回整改",
    Permission.BACK: "退回复验",
    Permission.APPROVE: "审批销号",
    Permission.PROPOSE_DISMISSAL: "拟查否",
    Permission.CONFIRM_DISMISSAL: "确认查否",
    Permission.DECLINE_DISMISSAL: "不予查否",
    Permission.REINSTATE: "恢复",
    Permission.REOPEN: "回头看重开",
    Permission.REASSIGN: "改派",
    Permission.LIST: "挂牌督办",
    Permission.UNLIST: "摘牌",
    Permission.CARRY_OVER: "结转",
    Permission.CORRECT: "更正",
    Permission.REMIND: "催办",
    Permission.SUPERVISE: "督办",
    Permission.EXTEND: "申请延期",
    Permission.DECIDE_EXTENSION: "审批延期",
    Permission.CONTEST: "申辩",
    Permission.ANSWER: "答复申辩",
    Permission.MANAGE_COMMON: "管理共性问题",
    Permission.TAKE_BACK: "接收回头看问题",
    Permission.CHECK_BACK: "核查回头看问题",
    Permission.MEASURE: "填报措施",
    Permission.REVIEW: "阶段复核",
    Permission.SPLIT: "拆分",
    Permission.MERGE: "并案",
    Permission.REFER: "移送",
    Permission.REPLY: "登记移送回复",
    Permission.SEPARATE: "另案处理",
    Permission.SANCTION: "登记问责",
    Permission.RECORD_OUTCOME: "成批登记问责",
    Permission.EXPORT: "导出",
    Permission.EXPORT_INTERNAL: "导出内部版",
    Permission.RETURN_LEDGER: "台账回填",
    Permission.VERIFY_AUDIT: "校验记录",
    Permission.SEE_AUDIT: "查看操作记录",
    Permission.MANAGE_PEOPLE: "管理人员和账号",
    Permission.CONFIRM_GRANT: "确认授权",
    Permission.END_SESSIONS: "结束会话",
    Permission.BACKUP: "备份与恢复",
}

P = Permission
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.INSPECTOR: frozenset({
        P.SEE_LEDGER, P.SEE_UNMASKED, P.SEE_SAMPLE, P.FILL_CHECK, P.SEE_CHECKS, P.RAISE, P.SUBMIT, P.CORRECT, P.FIX,
        P.WITHDRAW, P.ACCEPT, P.RETURN, P.EXPORT, P.SEE_SCHEDULE, P.CHECK_BACK,
    }),
    Role.UNIT: frozenset({
        P.SEE_LEDGER, P.RAISE, P.SUBMIT, P.CORRECT, P.SIGN, P.REPORT, P.REQUEST, P.WITHDRAW, P.EXPORT,
        P.SEE_SCHEDULE, P.FINISH_TASK, P.EXTEND, P.RETURN_LEDGER, P.CONTEST, P.RECORD_MONEY, P.MEASURE,
    }),
    Role.OFFICE: frozenset({
        P.SEE_LEDGER, P.SEE_DASHBOARD, P.SEE_SAMPLE, P.SEE_CHECKS, P.FREEZE_FRAME, P.DRAW, P.ADOPT, P.REPLACE,
        P.SET_RULE, P.IMPORT_FIELD_RECORDS, P.WRITE_DIGESTS,
        P.CREATE_CAMPAIGN, P.IMPORT_REGIONS, P.IMPORT_ROSTER, P.IMPORT_PAYMENTS, P.RETURN_CHECK, P.RAISE, P.SUBMIT,
        P.ASSIGN, P.ACCEPT, P.RETURN, P.BACK, P.APPROVE, P.PROPOSE_DISMISSAL, P.CONFIRM_DISMISSAL, P.DECLINE_DISMISSAL,
        P.REINSTATE, P.REOPEN, P.REASSIGN, P.CORRECT, P.REMIND, P.SUPERVISE, P.EXPORT, P.EXPORT_INTERNAL, P.REVEAL,
        P.SEE_SCHEDULE, P.SET_SCHEDULE, P.FINISH_TASK, P.SET_LIGHTS, P.SET_CALENDAR, P.DECIDE_EXTENSION, P.REVIEW,
        P.RETURN_LEDGER, P.ANSWER, P.CARRY_OVER,
        P.REPORT, P.REQUEST, P.WITHDRAW, P.EXTEND, P.MEASURE, P.RECORD_MONEY, P.CORRECT_MONEY, P.MANAGE_COMMON,
        P.TAKE_BACK, P.CHECK_BACK,
        P.SPLIT, P.MERGE, P.REFER, P.REPLY,
    }),
    Role.LEADER: frozenset({
        P.SEE_LEDGER, P.SEE_DASHBOARD, P.SEE_SAMPLE, P.SEE_CHECKS, P.RELEASE, P.RETURN, P.BACK, P.APPROVE,
        P.LIST, P.UNLIST,
        P.CONFIRM_DISMISSAL, P.DECLINE_DISMISSAL, P.REINSTATE, P.REOPEN, P.REMIND, P.SUPERVISE, P.EXPORT,
        P.REFER, P.SEPARATE,
        P.SEE_SCHEDULE, P.DECIDE_EXTENSION,
    }),
    Role.DISCIPLINE: frozenset({P.RECORD_OUTCOME, P.SANCTION, P.REPLY}),
    Role.AUDITOR: frozenset({
        P.SEE_LEDGER, P.SEE_DASHBOARD, P.SEE_SAMPLE, P.SEE_CHECKS, P.EXPORT, P.REVEAL, P.VERIFY_AUDIT, P.SEE_AUDIT,
        P.SEE_SCHEDULE,
    }),
    Role.ADMIN: frozenset({
        P.CREATE_CAMPAIGN, P.IMPORT_REGIONS, P.MANAGE_REGIONS, P.MANAGE_PEOPLE, P.BACKUP, P.SEE_SCHEDULE,
    }),
    Role.SECURITY: frozenset({P.CONFIRM_GRANT, P.END_SESSIONS}),
}  # fmt: skip
"""Source: design section 4. Where (region, unit, team) is the membership's; whether this problem, the transition's."""

TERMINAL_PERMISSIONS = frozenset({
    P.SEE_LEDGER, P.SEE_DASHBOARD, P.SEE_SAMPLE, P.SEE_CHECKS, P.CREATE_CAMPAIGN, P.IMPORT_REGIONS, P.IMPORT_ROSTER,
    P.MANAGE_REGIONS, P.IMPORT_PAYMENTS, P.IMPORT_FIELD_RECORDS,
    P.SET_RULE, P.FREEZE_FRAME, P.DRAW, P.EXPORT, P.EXPORT_INTERNAL, P.VERIFY_AUDIT, P.SEE_AUDIT,
    P.MANAGE_PEOPLE, P.BACKUP, P.WRITE_DIGESTS,
})  # fmt: skip
"""Whoever can run manage.py on the server: may set up, import, draw, export, never touch a problem (design
section 8)."""


def may(role: Role, permission: Permission) -> bool:
    """Whether the role holds the permission at all."""
    return permission in ROLE_PERMISSIONS[role]


def roles_that_may(permission: Permission) -> tuple[Role, ...]:
    """The roles that hold a permission, in the order of the table."""
    return tuple(role for role in Role if may(role, permission))
