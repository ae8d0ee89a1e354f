"""An error nobody foresaw: all of it in the log, a plain sentence with the log line's number on screen."""

import logging
import secrets

import streamlit as st

from queries.schema_state import DISK_FULL, SchemaState, is_database_gone, is_disk_full

log = logging.getLogger("xiaohaotai")


def incident(error: BaseException) -> str:
    """Write the log line; the sentence for the screen."""
    number = secrets.token_hex(4).upper()
    log.error("incident %s: %s", number, type(error).__name__, exc_info=error)
    if is_disk_full(error):
        return f"{DISK_FULL}（事件号 {number}）"
    if is_database_gone(error):
        return f"{SchemaState.UNREACHABLE.sentence}（事件号 {number}）"
    return f"程序出错，刚才的操作没有完成，已保存的内容不受影响。请重试；仍不行，请把事件号 {number} 告诉系统管理员。"


def show_incident(error: Exception) -> bool:
    """What Streamlit calls with an error no page expected. True: it is said, show nothing else."""
    st.error(incident(error), icon=":material/error:")
    return True
