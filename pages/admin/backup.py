"""备份: when the last one was made, whether it can be relied on, and how to make and restore one.

Nothing is made or fetched here: a backup holds everybody's identity data and the secret, so it never passes a browser.
"""

import streamlit as st

import clock
from models.local_time import moment_text
from models.role import Permission
from pages.frame.look import empty, title
from pages.frame.who import require
from queries.backup import BackupAge, BackupRow, Backups, backups

BACKUP, RESTORE = "python manage.py backup /备份目录", "python manage.py restore /备份目录/xiaohaotai-….zip"


def standing(found: Backups) -> None:
    """The first line: is there a backup to fall back on?"""
    last, age = found.last, found.age(clock.now())
    if last is None:
        st.error("还没有备份。服务器损坏时，全部记录都会丢失，请今天就备份一次。", icon=":material/warning:")
        return
    ago = _ago(last)
    if age is BackupAge.TOO_OLD:
        st.error(f"最近一次备份已是{ago}：其后的工作没有备份，请立即备份。", icon=":material/warning:")
    elif age is BackupAge.LATE:
        st.warning(f"最近一次备份是{ago}，超过一天。请检查自动备份是否在运行。", icon=":material/schedule:")
    else:
        st.success(f"最近一次备份是{ago}，写完后已逐个文件核对散列值。", icon=":material/verified:")


def _ago(row: BackupRow) -> str:
    hours = max(0, int((clock.now() - row.made_at).total_seconds() // 3600))
    since = f"{hours // 24} 天前" if hours >= 24 else f"{hours} 小时前" if hours else "不到 1 小时前"
    return f"{since}（{moment_text(row.made_at)}）"


def cautions(row: BackupRow) -> None:
    """What the last backup lacks."""
    if row.findings:
        st.warning(
            f"备份时有 {row.findings} 个佐证或发放文件缺失或被改动，请到服务器上运行 verify-audit 查看是哪些。",
            icon=":material/broken_image:",
        )
    if row.on_same_disk:
        st.warning("这份备份与数据在同一块盘上，盘坏了会一起丢失，请另拷一份。", icon=":material/hard_drive:")


def size_text(size: int) -> str:
    """12.3 MB."""
    return f"{size / 1_048_576:,.1f} MB"


def how() -> None:
    """The two commands, and what to mind."""
    with st.container(border=True):
        st.markdown("##### 怎样备份和恢复")
        st.markdown("在服务器终端上运行，备份时不用停机，其他人照常工作。每晚自动备份的设置见《运行与维护》。")
        st.code(BACKUP, language=None, wrap_lines=True)
        st.markdown(
            "换机器或出故障时，恢复到空的目录和空的数据库；旧版本的备份随即升级。恢复后用校验头比对，可以发现备份被换过。"
        )
        st.code(RESTORE, language=None, wrap_lines=True)
        st.caption(
            "备份里有全部身份信息和密钥，只写到服务器的目录里，不提供网页下载。请另拷一份到别的盘、别的机器，按涉密资料保管。"
        )


found = backups(require(Permission.BACKUP))
title("备份", right="在服务器终端上备份和恢复")
standing(found)
if found.last is not None:
    cautions(found.last)
    with st.container(border=True):
        st.markdown("**最近一次备份的校验头**　抄下或打印留存。")
        st.code(found.last.head, language=None, wrap_lines=True)
if found.restored_from is not None:
    st.info(
        f"本库于 {moment_text(found.restored_at)} 由备份恢复，恢复前的校验头：{found.restored_from}",
        icon=":material/settings_backup_restore:",
    )
how()
if found.rows:
    st.dataframe(
        [
            {
                "时间": moment_text(r.made_at), "文件": r.file, "大小": size_text(r.size), "表内行数": r.rows,
                "文件数": r.files, "核对": "√ 无误" if not r.findings else f"▲ 缺损 {r.findings} 个",
                "校验头": r.head, "备份文件散列值": r.sha256,
            }
            for r in found.rows
        ],
        hide_index=True, width="stretch", row_height=34, height="content", key="backup_rows",
    )  # fmt: skip
else:
    empty("还没有备份", "按上面的命令备份一次，这里会列出时间、大小和校验头。", key="backups")
