"""The one family of refusals: each carries a sentence the user can act on."""


class Refused(Exception):
    """A verb that was not carried out; nothing was written. `str(refused)` is a sentence in Chinese for the user."""


class NotFoundOrNotYours(Refused):
    """An unknown id and an id of somebody else are told apart to nobody."""

    def __init__(self, thing: str = "记录") -> None:
        super().__init__(f"没有找到这条{thing}，或者它不在您的权限范围内。")


class Stale(Refused):
    """Somebody else wrote first (optimistic locking). What the user typed stays with the page."""


class SignedOut(Refused):
    """The session is over; the page sends the person to sign in."""

    def __init__(self) -> None:
        super().__init__("登录已过期或已退出，请重新登录。已保存的草稿不会丢失。")
