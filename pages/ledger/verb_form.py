"""What the dialog of every verb is made of: its fields and its action."""

from collections.abc import Callable
from dataclasses import dataclass

from actions.transaction import Caller
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from queries.issue import IssuePage
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class VerbForm:
    """`act` returns the sentence of the toast; it reads the fields at the moment of the click."""

    fields: Callable[[Typed, IssuePage, Viewer], Missing]
    act: Callable[[Caller, Typed, IssuePage, int | None], str]


def no_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Nothing is asked."""
    return []


def reason_field(label: str, least: int, hint: str = "") -> Callable[[Typed, IssuePage, Viewer], Missing]:
    """One text of at least so many characters."""

    def fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
        text = typed.text("reason", f"{label}（必填）", height=110, placeholder=hint or f"不少于 {least} 个字")
        return [] if len(text) >= least else [f"{label}，不少于 {least} 个字"]

    return fields


def plain(action: Callable[..., object], done: str) -> Callable[[Caller, Typed, IssuePage, int | None], str]:
    """A verb that brings nothing but itself; `done` is the sentence of the toast."""

    def act(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
        action(caller, issue.id, version=version)
        return done

    return act


def with_reason(action: Callable[..., object], done: str) -> Callable[[Caller, Typed, IssuePage, int | None], str]:
    """A verb that brings one text, asked by `reason_field`; `done` is the sentence of the toast."""

    def act(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
        action(caller, issue.id, typed.now_text("reason"), version)
        return done

    return act
