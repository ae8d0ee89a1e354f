"""校验全部记录, noted in the chain: that it was done, when, by whom, with what result."""

from actions.transaction import Caller, transaction, who
from models.refusal import Refused
from models.role import Permission
from queries.audit import Head, Verification, verify


def verify_record(caller: Caller, head: Head | None = None) -> Verification:
    """`queries.audit.verify`, and one audit entry with its result. Who: auditors.

    The reading takes its time and holds nobody up: the entry is written afterwards, in a transaction of its own.
    """
    if not who(caller).may(Permission.VERIFY_AUDIT):
        raise Refused(f"您没有“{Permission.VERIFY_AUDIT.label}”的权限。")
    result = verify(head)
    with transaction(caller) as tx:
        tx.require(Permission.VERIFY_AUDIT)
        tx.record(
            Permission.VERIFY_AUDIT.value,
            "audit:*",
            entries=result.entries,
            findings=len(result.findings),
            head=str(result.head),
        )
    return result
