"""returns, activities, trips, covert visits, outcomes; lists taken in as a whole"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_field"
down_revision = "2026_11_24_deputy"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "batch",
    "self_check_return",
    "activity",
    "trip",
    "trip_member",
    "covert_visit",
    "response",
    "outcome",
)


def _refuse_changes(table: str) -> None:
    """History is added to, never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _add_columns() -> None:
    """Added in place: rebuilding the tables, as batch mode does, would lose the triggers that keep them append-only."""
    for table in ("check_line", "household_check_event"):
        batch = sa.Column(
            "batch_id", sa.Integer(), sa.ForeignKey("batch.id"), nullable=True, comment="came in with a list"
        )
        op.add_column(table, batch, inline_references=True)
    op.execute(
        "ALTER TABLE team ADD COLUMN kind VARCHAR(30) "
        "CONSTRAINT ck_team_team_kind CHECK (kind IN ('INSPECTION', 'SUPERVISION', 'WORKING'))"
    )
    whose = sa.Column(
        "reporting_unit_id", sa.Integer(), sa.ForeignKey("reporting_unit.id"), nullable=True,
        comment="whose team it is; empty: the whole campaign's",
    )  # fmt: skip
    op.add_column("team", whose, inline_references=True)
    op.add_column("team", sa.Column("founded_on", sa.Date(), nullable=True, comment="empty: before the day was kept"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN team.kind IS 'empty: INSPECTION'")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SELF_CHECK",
                "ACTIVITY",
                "TRIP",
                "COVERT_VISIT",
                "HOUSEHOLD_CHECK",
                name="batch_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("row_count", sa.Integer(), nullable=False, comment="rows of the list, not of the tables below them"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_batch_row_count_not_negative")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_batch_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index("ix_batch_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("questions", models.database.JsonText(), nullable=False, comment="the questions in order"),
        sa.Column("created_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_questionnaire_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("campaign_id", "title", name=op.f("uq_questionnaire_campaign_id_title")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True, comment="where; empty: the whole unit"),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="who did it"),
        sa.Column(
            "kind",
            sa.Enum(
                "MEETING",
                "DISCUSSION",
                "TRAINING",
                "LEAFLETS",
                "BOOKLETS",
                "DOOR_TO_DOOR",
                "BROADCAST",
                "BANNER",
                "SMS",
                "WEBSITE",
                "SPECIAL_AUDIT",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False, comment="in the unit of the kind; negative only to correct"),
        sa.Column("evidence", sa.String(length=200), nullable=True, comment="what proves it, in words"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_activity_batch_id_batch")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_activity_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_activity_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_activity_town_id_region")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_activity_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_campaign_id", ["campaign_id", "kind"], unique=False)

    op.create_table(
        "covert_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column(
            "route", sa.String(length=300), nullable=False, comment="where it led; never shown to the visited unit"
        ),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_covert_visit_batch_id_batch")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_covert_visit_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_covert_visit_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_covert_visit_town_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covert_visit")),
    )
    with op.batch_alter_table("covert_visit", schema=None) as batch_op:
        batch_op.create_index("ix_covert_visit_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "self_check_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="the department, where it is one"),
        sa.Column("edition", sa.Integer(), nullable=False, comment="1, 2, 3 … of the same village or department"),
        sa.Column("handed_in_on", sa.Date(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False, comment="户, visited at home; each once"),
        sa.Column("people", sa.Integer(), nullable=False, comment="人 in the households visited"),
        sa.Column("problems", sa.Integer(), nullable=False, comment="件, found by the village or department itself"),
        sa.Column("is_zero_report", sa.Boolean(), nullable=False),
        sa.Column("cards_confirmed", sa.Integer(), nullable=False, comment="人 whose card or passbook was confirmed"),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False, comment="分, subsidies gone through 自查覆盖资金"),
        sa.Column(
            "payee_households",
            sa.Integer(),
            nullable=False,
            comment="户次 the money went to: a household counts once an item",
        ),
        sa.Column("payees", sa.Integer(), nullable=False, comment="人 the money went to"),
        sa.Column("evidence", sa.String(length=200), nullable=True, comment="what proves the return, in words"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.CheckConstraint("(problems = 0) = is_zero_report", name=op.f("ck_self_check_return_zero_report_is_said")),
        sa.CheckConstraint(
            "(village_id is null) <> (unit_id is null)", name=op.f("ck_self_check_return_village_or_department")
        ),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_self_check_return_amount_cents_not_negative")),
        sa.CheckConstraint("cards_confirmed >= 0", name=op.f("ck_self_check_return_cards_confirmed_not_negative")),
        sa.CheckConstraint("households >= 0", name=op.f("ck_self_check_return_households_not_negative")),
        sa.CheckConstraint(
            "not is_zero_report or evidence is not null", name=op.f("ck_self_check_return_zero_report_is_proved")
        ),
        sa.CheckConstraint("payee_households >= 0", name=op.f("ck_self_check_return_payee_households_not_negative")),
        sa.CheckConstraint("payees >= 0", name=op.f("ck_self_check_return_payees_not_negative")),
        sa.CheckConstraint("people >= 0", name=op.f("ck_self_check_return_people_not_negative")),
        sa.CheckConstraint("problems >= 0", name=op.f("ck_self_check_return_problems_not_negative")),
        sa.CheckConstraint(
            "village_id is null or town_id is not null", name=op.f("ck_self_check_return_village_has_its_town")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_self_check_return_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_self_check_return_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"],
            ["reporting_unit.id"],
            name=op.f("fk_self_check_return_reporting_unit_id_reporting_unit"),
        ),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_self_check_return_town_id_region")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_self_check_return_unit_id_unit")),
        sa.ForeignKeyConstraint(["village_id"], ["region.id"], name=op.f("fk_self_check_return_village_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_check_return")),
        sa.UniqueConstraint(
            "campaign_id", "unit_id", "edition", name=op.f("uq_self_check_return_campaign_id_unit_id_edition")
        ),
        sa.UniqueConstraint(
            "campaign_id", "village_id", "edition", name=op.f("uq_self_check_return_campaign_id_village_id_edition")
        ),
    )
    op.create_table(
        "trip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, comment="第几轮, 1 first"),
        sa.Column("went_on", sa.Date(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True, comment="where to; empty: several towns"),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.CheckConstraint("round >= 1", name=op.f("ck_trip_rounds_begin_at_1")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_trip_batch_id_batch")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_trip_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_trip_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_trip_team_id_team")),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_trip_town_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip")),
    )
    with op.batch_alter_table("trip", schema=None) as batch_op:
        batch_op.create_index("ix_trip_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("covert_visit_id", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answers", models.database.JsonText(), nullable=False, comment="one for each question, in order"),
        sa.Column("is_aware", sa.Boolean(), nullable=True, comment="知晓 the policy; empty: not asked"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_response_batch_id_batch")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_response_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["covert_visit_id"], ["covert_visit.id"], name=op.f("fk_response_covert_visit_id_covert_visit")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_response_questionnaire_id_questionnaire")
        ),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_response_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_response_town_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index("ix_response_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "trip_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_trip_member_batch_id_batch")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trip_member_person_id_person")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_trip_member_trip_id_trip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_member")),
        sa.UniqueConstraint("trip_id", "person_id", name=op.f("uq_trip_member_trip_id_person_id")),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True, comment="empty: not for one problem alone"),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "ADMONITION",
                "PARTY_SANCTION",
                "ADMINISTRATIVE_SANCTION",
                "JUDICIAL_REFERRAL",
                name="outcome_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False, comment="人; negative only to correct"),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_outcome_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_outcome_issue_id_issue")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_outcome_recorded_by_id_person")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_outcome_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_outcome_town_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index("ix_outcome_campaign_id", ["campaign_id"], unique=False)
        batch_op.create_index("ix_outcome_issue_id", ["issue_id"], unique=False)

    _add_columns()
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Back."""
    for column in ("founded_on", "reporting_unit_id", "kind"):
        op.execute(f"ALTER TABLE team DROP COLUMN {column}")
    for table in ("household_check_event", "check_line"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN batch_id")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_issue_id")
        batch_op.drop_index("ix_outcome_campaign_id")

    op.drop_table("outcome")
    op.drop_table("trip_member")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index("ix_response_campaign_id")

    op.drop_table("response")
    with op.batch_alter_table("trip", schema=None) as batch_op:
        batch_op.drop_index("ix_trip_campaign_id")

    op.drop_table("trip")
    op.drop_table("self_check_return")
    with op.batch_alter_table("covert_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_covert_visit_campaign_id")

    op.drop_table("covert_visit")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_campaign_id")

    op.drop_table("activity")
    op.drop_table("questionnaire")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_campaign_id")

    op.drop_table("batch")
