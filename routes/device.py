"""What a browser says of itself, in two words: so that a person can tell their own sessions from a stranger's."""

MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "鸿蒙设备"), ("Android", "安卓设备"),
    ("Windows", "Windows 电脑"), ("Macintosh", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip
BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""The first mark found counts: Edge calls itself Chrome too, and Chrome Safari."""


def device_words(user_agent: str) -> str:
    """`Windows 电脑，Edge`; empty for a browser that says nothing known. A hint, never a proof."""
    found = [next((word for mark, word in marks if mark in user_agent), "") for marks in (MACHINES, BROWSERS)]
    return "，".join(word for word in found if word)
