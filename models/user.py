"""Accounts of persons, what they were granted, who stands in for whom, and who is signed in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column
from models.role import Role

SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=12)
CLOCK_MAY_DIFFER = timedelta(minutes=5)
"""Two servers, or one after its clock was set right. Beyond it a session of the future is over: sign in again."""
ATTEMPTS_ALLOWED = 5
"""Failed sign-ins for one name or one address within `ATTEMPT_WINDOW` before further tries wait."""
ATTEMPT_WINDOW = timedelta(minutes=15)


class User(Base):
    """A sign-in name. It belongs to one real person; the two-person rule looks at the person."""

    __tablename__ = "user"
    __table_args__ = (sa.UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), comment="what is typed at sign-in; folded to lower case")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    password_hash: Mapped[str] = mapped_column(sa.String(200), comment="argon2id", info={"digest": False})
    one_time_password: Mapped[bool] = mapped_column(default=True, comment="must be changed at the first sign-in")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Membership(Base):
    """A role granted to a user, and where. Office, leader and discipline count only once security has
    confirmed them."""

    __tablename__ = "membership"
    __table_args__ = (sa.Index("ix_membership_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    reporting_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"), comment="a town or village; empty: all")
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), comment="for the role UNIT")
    proposed_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(60))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delegation(Base):
    """On leave: `to` acts for `from` in a role until a day, shown as 代; the two-person rule looks at both."""

    __tablename__ = "delegation"
    __table_args__ = (sa.CheckConstraint("from_person_id <> to_person_id", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    to_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    since: Mapped[date]
    until: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def closes_circle(handed_on: Iterable[tuple[int, int]], giver: int, taker: int) -> bool:
    """Whether the giver already stands in, at first or at third hand, for whom they would ask. Pairs are (from, to)."""
    to: dict[int, set[int]] = {}
    for one, other in handed_on:
        to.setdefault(one, set()).add(other)
    reached, ahead = set[int](), [taker]
    while ahead:
        person = ahead.pop()
        if person == giver:
            return True
        if person not in reached:
            reached.add(person)
            ahead += to.get(person, ())
    return False


class Session(Base):
    """One browser signed in. Only the token's hash is kept; times are of the wall clock, never of a rehearsal."""

    __tablename__ = "session"
    __table_args__ = (sa.UniqueConstraint("token_hash"), sa.Index("ix_session_user_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(
        sa.String(60), comment="network address of the browser, as far as known"
    )
    device: Mapped[str | None] = mapped_column(sa.String(40), comment="kind of browser and machine, in words")

    def is_alive(self, wall: datetime) -> bool:
        """Neither ended, nor idle too long, nor older than a working day; nor of a day to come, when the clock was
        moved back."""
        idle, age = wall - self.seen_at, wall - self.started_at
        in_time = -CLOCK_MAY_DIFFER <= idle <= SESSION_IDLE and -CLOCK_MAY_DIFFER <= age <= SESSION_ABSOLUTE
        return self.ended_at is None and in_time

    @classmethod
    def alive_at(cls, wall: datetime) -> sa.ColumnElement[bool]:
        """`is_alive` as a condition; a test keeps the two equal."""
        return sa.and_(
            cls.ended_at.is_(None), cls.seen_at.between(wall - SESSION_IDLE, wall + CLOCK_MAY_DIFFER),
            cls.started_at.between(wall - SESSION_ABSOLUTE, wall + CLOCK_MAY_DIFFER),
        )  # fmt: skip


class SigninAttempt(Base):
    """A failed sign-in, kept to slow down guessing."""

    __tablename__ = "signin_attempt"
    __table_args__ = (sa.Index("ix_signin_attempt_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(64), comment="hash of the name or of the address tried")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
