"""the first thread"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_first"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = (
    "audit_entry",
    "issue_event",
    "issue_money",
    "household_check_event",
    "check_line",
    "evidence",
    "sample_frame",
    "sampling_rule",
    "calendar_day",
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


def _make_refusal() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False, comment="issue:12, sample:3 …"),
        sa.Column("detail", models.database.JsonText(), nullable=False),
        sa.Column(
            "writes",
            models.database.JsonText(),
            nullable=False,
            comment='["row", table, key, digest] · ["gone", table, key] · ["set", table, column, value, count, digest]',
        ),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column(
            "published_year",
            sa.Integer(),
            nullable=True,
            comment="year of the State Council's arrangement; empty: the county's own override, which stands above it",
        ),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("day", "published_year", name=op.f("uq_calendar_day_day_published_year")),
    )
    op.create_table(
        "campaign",
        sa.Column("version", sa.Integer(), nullable=False, comment="optimistic lock: the second writer is refused"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False, comment="first part of each problem's number"),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False, comment="the city or county in titles of papers"),
        sa.Column(
            "state",
            sa.Enum(
                "PREPARING",
                "OPEN",
                "CONCLUDED",
                "ARCHIVED",
                name="campaign_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("year_from", sa.Integer(), nullable=False, comment="first year of payments in scope"),
        sa.Column("year_to", sa.Integer(), nullable=False, comment="last year of payments in scope"),
        sa.Column("rectify_by", sa.Date(), nullable=False, comment="day by which all problems should be crossed off"),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False, comment="演示数据 stands on every page"),
        sa.Column("created_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("year_from <= year_to", name=op.f("ck_campaign_years_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False, comment="12-digit statistical division code"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False, comment="name without 村民委员会 and the like"),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "county",
                "town",
                "village",
                name="region_level",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=True, comment="村委会, 居委会, 镇, 街道 …, as published"),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=80), nullable=False, comment="codes from the root down, each followed by /"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="last day of validity; empty while in force"),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_region_code_has_12_digits")),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index("ix_region_parent_id", ["parent_id"], unique=False)

    op.create_table(
        "reporting_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "code", sa.String(length=12), nullable=False, comment="county code, or the zone's own letters such as ZGX"
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "abbreviation",
            sa.String(length=8),
            nullable=False,
            comment="letters inside a problem's number: SZ2022-SX-0001",
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="the office's fixed order of units, 行政序"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_unit")),
        sa.UniqueConstraint("abbreviation", name=op.f("uq_reporting_unit_abbreviation")),
        sa.UniqueConstraint("code", name=op.f("uq_reporting_unit_code")),
    )
    op.create_table(
        "signin_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="hash of the name or of the address tried"),
        sa.Column("at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signin_attempt")),
    )
    with op.batch_alter_table("signin_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_signin_attempt_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "subsidy_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("paid_to", sa.String(length=20), nullable=False, comment="household or person"),
        sa.Column("department", sa.String(length=60), nullable=False, comment="who decides on eligibility"),
        sa.Column("frequency", sa.String(length=40), nullable=False),
        sa.Column("publish", sa.String(length=10), nullable=False, comment="names, counts or none: what may be posted"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_item")),
        sa.UniqueConstraint("code", name=op.f("uq_subsidy_item_code")),
        sa.UniqueConstraint("name", name=op.f("uq_subsidy_item_name")),
    )
    op.create_table(
        "payment_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file as it came"),
        sa.Column("batch_file", sa.String(length=120), nullable=False, comment="Parquet file under DATA_DIR/payments"),
        sa.Column("batch_sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False, comment="rows left out on the user's word"),
        sa.Column("total_cents", sa.BigInteger(), nullable=False, comment="分, of the rows taken in"),
        sa.Column(
            "control_total_cents", sa.BigInteger(), nullable=False, comment="分, as stated by whoever handed it in"
        ),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint("faulty >= 0", name=op.f("ck_payment_import_faulty_not_negative")),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_payment_import_row_count_not_negative")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_payment_import_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_import")),
    )
    with op.batch_alter_table("payment_import", schema=None) as batch_op:
        batch_op.create_index("ix_payment_import_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "reporting_unit_region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_reporting_unit_region_region_id_region")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"],
            ["reporting_unit.id"],
            name=op.f("fk_reporting_unit_region_reporting_unit_id_reporting_unit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_unit_region")),
        sa.UniqueConstraint("region_id", "valid_from", name=op.f("uq_reporting_unit_region_region_id_valid_from")),
    )
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file as it came"),
        sa.Column("taken", sa.Integer(), nullable=False, comment="rows new or changed"),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False, comment="rows left out on the user's word"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.CheckConstraint("faulty >= 0", name=op.f("ck_roster_import_faulty_not_negative")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_roster_import_taken_not_negative")),
        sa.CheckConstraint("unchanged >= 0", name=op.f("ck_roster_import_unchanged_not_negative")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_roster_import_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index("ix_roster_import_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "sample_frame",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("rule", models.database.JsonText(), nullable=False, comment="the sampling rule as it stood"),
        sa.Column("village_codes", sa.Text(), nullable=False, comment="sorted, each followed by a line feed"),
        sa.Column("village_strata", sa.Text(), nullable=False, comment="village code,town code; same order"),
        sa.Column("household_codes", sa.Text(), nullable=False, comment="village code/household number, sorted"),
        sa.Column("mandatory_villages", sa.Text(), nullable=False),
        sa.Column("mandatory_households", sa.Text(), nullable=False),
        sa.Column("village_hash", sa.String(length=64), nullable=False, comment="SHA-256 of village_codes"),
        sa.Column("household_hash", sa.String(length=64), nullable=False, comment="SHA-256 of household_codes"),
        sa.Column("mandatory_village_hash", sa.String(length=64), nullable=False),
        sa.Column("mandatory_household_hash", sa.String(length=64), nullable=False),
        sa.Column("village_count", sa.Integer(), nullable=False),
        sa.Column("household_count", sa.Integer(), nullable=False),
        sa.Column(
            "seed_source",
            sa.String(length=300),
            nullable=True,
            comment="a named public number of a later day; empty: not recorded beforehand",
        ),
        sa.Column("frozen_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sample_frame_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_frame")),
    )
    with op.batch_alter_table("sample_frame", schema=None) as batch_op:
        batch_op.create_index("ix_sample_frame_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "sampling_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=False, comment="floor of both stages, whole percent"),
        sa.Column("rounding", sa.String(length=10), nullable=False, comment="value of models.draw.Rounding"),
        sa.Column("committees_included", sa.Boolean(), nullable=False, comment="are 居委会 in the base"),
        sa.Column(
            "household_base",
            sa.Enum("ALL", "SUBSIDISED", name="household_base", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "mandatory_villages", models.database.JsonText(), nullable=False, comment="village codes that must be in"
        ),
        sa.Column(
            "mandatory_items",
            models.database.JsonText(),
            nullable=False,
            comment="item codes (低保, 残疾 …): their recipients' households must be in",
        ),
        sa.Column(
            "mandatory_from_cents",
            sa.Integer(),
            nullable=True,
            comment="分; households with payments in scope of at least this must be in",
        ),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share_percent between 1 and 100", name=op.f("ck_sampling_rule_share_is_a_percentage")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sampling_rule_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_rule")),
        sa.UniqueConstraint("campaign_id", "recorded_at", name=op.f("uq_sampling_rule_campaign_id_recorded_at")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_team_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("campaign_id", "name", name=op.f("uq_team_campaign_id_name")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column(
            "name", sa.String(length=80), nullable=False, comment="full name; a problem keeps the name of its day"
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "FINANCE_OFFICE",
                "GOVERNMENT",
                "DEPARTMENT",
                "VILLAGE",
                "BANK",
                "LEADING_OFFICE",
                "DISCIPLINE",
                "AUDIT",
                "OTHER",
                name="unit_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_unit_region_id_region")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_unit_reporting_unit_id_reporting_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_reporting_unit_id", ["reporting_unit_id"], unique=False)

    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False, comment="户编号, text: 0107 keeps its zero"),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(length=40), nullable=True, comment="组（湾）"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_household_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["import_id"], ["roster_import.id"], name=op.f("fk_household_import_id_roster_import")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_household_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_household_town_id_region")),
        sa.ForeignKeyConstraint(["village_id"], ["region.id"], name=op.f("fk_household_village_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("campaign_id", "code", name=op.f("uq_household_campaign_id_code")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index("ix_household_village_id", ["village_id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("id_number", sa.String(length=30), nullable=True),
        sa.Column("account_no", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True, comment="erased with the fields"),
        sa.Column(
            "fields_hash", sa.String(length=64), nullable=False, comment="SHA-256 of salt and fields; enters the digest"
        ),
        sa.Column("erased_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_identity_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["import_id"], ["roster_import.id"], name=op.f("fk_identity_import_id_roster_import")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index("ix_identity_campaign_id_id_number", ["campaign_id", "id_number"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("staff_number", sa.String(length=30), nullable=False, comment="unique within the unit"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("home_village_id", sa.Integer(), nullable=True, comment="回避: nobody inspects the own village"),
        sa.ForeignKeyConstraint(["home_village_id"], ["region.id"], name=op.f("fk_person_home_village_id_region")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("unit_id", "staff_number", name=op.f("uq_person_unit_id_staff_number")),
    )
    op.create_table(
        "sample",
        sa.Column("version", sa.Integer(), nullable=False, comment="optimistic lock: the second writer is refused"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("frame_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the campaign"),
        sa.Column(
            "state",
            sa.Enum(
                "DRAWN",
                "ADOPTED",
                "ABANDONED",
                name="sample_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.String(length=300), nullable=False),
        sa.Column(
            "seed_registered",
            sa.Boolean(),
            nullable=False,
            comment="the seed's source was recorded before; else never adopted",
        ),
        sa.Column("reason", sa.String(length=300), nullable=True, comment="why a further draw was made"),
        sa.Column("drawn_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.String(length=60), nullable=False),
        sa.Column("adopted_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("abandoned_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "released_at",
            models.database.UtcDateTime(timezone=True),
            nullable=True,
            comment="visited towns may see the list from here",
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sample_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["frame_id"], ["sample_frame.id"], name=op.f("fk_sample_frame_id_sample_frame")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_sample_campaign_id_number")),
    )
    op.create_table(
        "team_region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_team_region_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_region_team_id_team")),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_team_region_town_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_region")),
        sa.UniqueConstraint(
            "team_id", "reporting_unit_id", "town_id", name=op.f("uq_team_region_team_id_reporting_unit_id_town_id")
        ),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_person_id", sa.Integer(), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "inspector",
                "unit",
                "office",
                "leader",
                "discipline",
                "auditor",
                "admin",
                "security",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_person_id <> to_person_id", name=op.f("ck_delegation_two_people")),
        sa.ForeignKeyConstraint(["from_person_id"], ["person.id"], name=op.f("fk_delegation_from_person_id_person")),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_delegation_to_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_table(
        "draft",
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("value", models.database.JsonText(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_draft_saved_by_person")),
        sa.PrimaryKeyConstraint("subject", "field", name=op.f("pk_draft")),
    )
    op.create_table(
        "household_check",
        sa.Column("version", sa.Integer(), nullable=False, comment="optimistic lock: the second writer is refused"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "layer",
            sa.Enum(
                "SELF_CHECK",
                "INSPECTION",
                "SUPERVISION",
                "COVERT",
                name="check_layer",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "SUBMITTED",
                "RETURNED",
                name="check_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "VISITED",
                "BY_PHONE",
                "ABSENT",
                "REFUSED",
                name="visit_outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("interviewee", sa.String(length=30), nullable=True, comment="本人, or relation to the head; no name"),
        sa.Column("second_inspector_id", sa.Integer(), nullable=True, comment="two visit together"),
        sa.Column("submission", sa.Integer(), nullable=False, comment="how often it was handed in"),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_household_check_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_check_household_id_household")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_household_check_opened_by_id_person")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"],
            ["reporting_unit.id"],
            name=op.f("fk_household_check_reporting_unit_id_reporting_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["second_inspector_id"], ["person.id"], name=op.f("fk_household_check_second_inspector_id_person")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_household_check_team_id_team")),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_household_check_town_id_region")),
        sa.ForeignKeyConstraint(["village_id"], ["region.id"], name=op.f("fk_household_check_village_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_check")),
        sa.UniqueConstraint(
            "campaign_id", "household_id", "layer", name=op.f("uq_household_check_campaign_id_household_id_layer")
        ),
    )
    with op.batch_alter_table("household_check", schema=None) as batch_op:
        batch_op.create_index("ix_household_check_village_id", ["village_id", "status"], unique=False)

    op.create_table(
        "household_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="row of the file: the order in which the family was written",
        ),
        sa.Column("relation", sa.String(length=30), nullable=False, comment="与户主关系, free text"),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("sex", sa.String(length=4), nullable=True),
        sa.Column("bank_name", sa.String(length=80), nullable=True),
        sa.Column("account_kind", sa.String(length=20), nullable=True, comment="卡 or 折, as written"),
        sa.Column("pseudonym", sa.String(length=8), nullable=False, comment="tells two 张* apart; see models.identity"),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_household_member_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_member_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_household_member_identity_id_identity")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name=op.f("fk_household_member_import_id_roster_import")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["household_member.id"],
            name=op.f("fk_household_member_superseded_by_id_household_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_member")),
    )
    with op.batch_alter_table("household_member", schema=None) as batch_op:
        batch_op.create_index("ix_household_member_campaign_id", ["campaign_id", "superseded_by_id"], unique=False)
        batch_op.create_index("ix_household_member_household_id", ["household_id"], unique=False)

    op.create_table(
        "sampled_village",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False, comment="the village"),
        sa.Column("town_id", sa.Integer(), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=12), nullable=False, comment="code of the town"),
        sa.Column("rank", sa.Integer(), nullable=False, comment="place in the stratum, 1 first"),
        sa.Column("rank_hash", sa.String(length=64), nullable=False, comment="SHA-256 of seed|code"),
        sa.Column(
            "kind",
            sa.Enum(
                "MANDATORY",
                "DRAWN",
                "REPLACEMENT",
                name="drawn_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True, comment="why it was replaced"),
        sa.Column("replaced_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_sampled_village_region_id_region")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["sampled_village.id"], name=op.f("fk_sampled_village_replaced_by_id_sampled_village")
        ),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"],
            ["reporting_unit.id"],
            name=op.f("fk_sampled_village_reporting_unit_id_reporting_unit"),
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sampled_village_sample_id_sample")),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_sampled_village_town_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_village")),
        sa.UniqueConstraint("sample_id", "region_id", name=op.f("uq_sampled_village_sample_id_region_id")),
    )
    op.create_table(
        "team_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint(
            "team_id", "person_id", "valid_from", name=op.f("uq_team_member_team_id_person_id_valid_from")
        ),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.String(length=40), nullable=False, comment="what is typed at sign-in; folded to lower case"
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id"),
        sa.Column("one_time_password", sa.Boolean(), nullable=False, comment="must be changed at the first sign-in"),
        sa.Column("created_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_user_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("name", name=op.f("uq_user_name")),
    )
    op.create_table(
        "check_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("listed_cents", sa.BigInteger(), nullable=False, comment="分, due by the register 清册应发"),
        sa.Column("received_cents", sa.BigInteger(), nullable=False, comment="分, credited 到账实发"),
        sa.Column("said_cents", sa.BigInteger(), nullable=True, comment="分, what the household says 群众自述"),
        sa.Column(
            "verdict",
            sa.Enum(
                "MATCHES",
                "WRONG_AMOUNT",
                "NOT_RECEIVED",
                "NOT_ENTITLED",
                "ENTITLED_BUT_MISSING",
                "UNAWARE",
                "UNREACHED",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("listed_cents >= 0", name=op.f("ck_check_line_listed_cents_not_negative")),
        sa.CheckConstraint("received_cents >= 0", name=op.f("ck_check_line_received_cents_not_negative")),
        sa.CheckConstraint("said_cents is null or said_cents >= 0", name=op.f("ck_check_line_said_cents_not_negative")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["household_check.id"], name=op.f("fk_check_line_check_id_household_check")
        ),
        sa.ForeignKeyConstraint(
            ["item_code"], ["subsidy_item.code"], name=op.f("fk_check_line_item_code_subsidy_item")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["household_member.id"], name=op.f("fk_check_line_member_id_household_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_line")),
        sa.UniqueConstraint(
            "check_id",
            "submission",
            "member_id",
            "item_code",
            "year",
            name=op.f("uq_check_line_check_id_submission_member_id_item_code_year"),
        ),
    )
    op.create_table(
        "household_check_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False, comment="open, submit, return"),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "SUBMITTED",
                "RETURNED",
                name="check_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
            comment="after it",
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "VISITED",
                "BY_PHONE",
                "ABSENT",
                "REFUSED",
                name="visit_outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False, comment="persons with at least one verdict"),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["household_check.id"], name=op.f("fk_household_check_event_check_id_household_check")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_household_check_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_check_event")),
        sa.UniqueConstraint("check_id", "position", name=op.f("uq_household_check_event_check_id_position")),
    )
    with op.batch_alter_table("household_check_event", schema=None) as batch_op:
        batch_op.create_index("ix_household_check_event_at", ["recorded_at"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "inspector",
                "unit",
                "office",
                "leader",
                "discipline",
                "auditor",
                "admin",
                "security",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True, comment="a town or village; empty: all"),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="for the role UNIT"),
        sa.Column("proposed_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.Column("proposed_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=60), nullable=True),
        sa.Column("confirmed_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_membership_region_id_region")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_membership_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_user_id", ["user_id"], unique=False)

    op.create_table(
        "sampled_household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("sampled_village_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=12), nullable=False, comment="code of the village"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("rank_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "MANDATORY",
                "DRAWN",
                "REPLACEMENT",
                name="drawn_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("replaced_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_sampled_household_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["sampled_household.id"],
            name=op.f("fk_sampled_household_replaced_by_id_sampled_household"),
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sampled_household_sample_id_sample")),
        sa.ForeignKeyConstraint(
            ["sampled_village_id"],
            ["sampled_village.id"],
            name=op.f("fk_sampled_household_sampled_village_id_sampled_village"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_household")),
        sa.UniqueConstraint("sample_id", "household_id", name=op.f("uq_sampled_household_sample_id_household_id")),
    )
    with op.batch_alter_table("sampled_household", schema=None) as batch_op:
        batch_op.create_index("ix_sampled_household_sampled_village_id", ["sampled_village_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_user_id", ["user_id"], unique=False)

    op.create_table(
        "issue",
        sa.Column("version", sa.Integer(), nullable=False, comment="optimistic lock: the second writer is refused"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True, comment="campaign-unit-0001; never changed"),
        sa.Column("sequence", sa.Integer(), nullable=True, comment="gapless within campaign and reporting unit"),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "REGISTERED",
                "RECTIFYING",
                "ACCEPTANCE",
                "APPROVAL",
                "CLOSED",
                "DISMISSED",
                name="issue_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False, comment="1; one more with each reopening"),
        sa.Column(
            "source",
            sa.Enum(
                "SELF_CHECK",
                "INSPECTION",
                "SUPERVISION",
                "COVERT",
                "TIP",
                "CROSS_CHECK",
                "SPECIAL_AUDIT",
                "SUPERIOR",
                name="issue_source",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("type_code", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "GENERAL", "LARGER", "MAJOR", name="severity", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_unit_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("check_line_id", sa.Integer(), nullable=True),
        sa.Column("item_code", sa.String(length=10), nullable=True),
        sa.Column("period", sa.String(length=20), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False, comment="分 involved"),
        sa.Column("to_recover_cents", sa.BigInteger(), nullable=False, comment="分 wrongly paid"),
        sa.Column("recovered_cents", sa.BigInteger(), nullable=False, comment="分; sum of issue_money"),
        sa.Column("to_pay_cents", sa.BigInteger(), nullable=False, comment="分 owed to households"),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False, comment="分; sum of issue_money"),
        sa.Column(
            "handling",
            sa.Enum(
                "STANDARD",
                "ON_SPOT",
                "LISTED",
                "DIRECT",
                name="handling",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "nature",
            sa.Enum(
                "IMMEDIATE", "STAGED", "SUSTAINED", name="nature", native_enum=False, create_constraint=True, length=30
            ),
            nullable=True,
        ),
        sa.Column("responsible_unit_id", sa.Integer(), nullable=True),
        sa.Column("responsible_unit_name", sa.String(length=80), nullable=True, comment="as it was called on that day"),
        sa.Column("responsible_leader", sa.String(length=40), nullable=True),
        sa.Column("person_in_charge", sa.String(length=40), nullable=True),
        sa.Column("requirements", sa.Text(), nullable=True, comment="measures asked for on assignment"),
        sa.Column("measures", sa.Text(), nullable=True, comment="measures the unit took"),
        sa.Column("progress", sa.Text(), nullable=True, comment="the last report"),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("deadline_rule", sa.String(length=20), nullable=True, comment="W15, C30, D2022-09-30, N"),
        sa.Column("deadline", sa.Date(), nullable=True, comment="in force; moves by the days the office held it"),
        sa.Column("deadline_is_estimate", sa.Boolean(), nullable=False, comment="calendar of that year unpublished"),
        sa.Column("first_deadline", sa.Date(), nullable=True, comment="of this round; never moves"),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("is_released", sa.Boolean(), nullable=False, comment="group C: the accused unit may see it"),
        sa.Column(
            "requested_from",
            sa.Enum(
                "DRAFT",
                "REGISTERED",
                "RECTIFYING",
                "ACCEPTANCE",
                "APPROVAL",
                "CLOSED",
                "DISMISSED",
                name="requested_from",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("requested_on", sa.Date(), nullable=True, comment="of the request that now waits or was accepted"),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column(
            "held_workdays", sa.Integer(), nullable=False, comment="working days earlier requests waited, this round"
        ),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("unit_head", sa.String(length=40), nullable=True, comment="named with the request"),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("first_closed_on", sa.Date(), nullable=True, comment="kept when reopened"),
        sa.Column("closed_on_time", sa.Boolean(), nullable=True),
        sa.Column("partial_reason", sa.String(length=500), nullable=True, comment="closed with money open: why"),
        sa.Column("dismissal_ground", sa.String(length=500), nullable=True, comment="proposed or confirmed"),
        sa.Column("dismissal_pending", sa.Boolean(), nullable=False),
        sa.Column("rule_mended", sa.String(length=500), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("evidence_count", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(number is null) = (status = 'DRAFT')", name=op.f("ck_issue_number_given_on_submission")),
        sa.CheckConstraint(
            "type_code in ('P101', 'P102', 'P103', 'P104', 'P105', 'P106', 'P107', 'P201', 'P202', 'P203', 'P301', 'P302', 'P303', 'P304')",
            name=op.f("ck_issue_type_is_one_of_14"),
        ),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_issue_amount_cents_not_negative")),
        sa.CheckConstraint("evidence_count >= 0", name=op.f("ck_issue_evidence_count_not_negative")),
        sa.CheckConstraint("extensions >= 0", name=op.f("ck_issue_extensions_not_negative")),
        sa.CheckConstraint("held_workdays >= 0", name=op.f("ck_issue_held_workdays_not_negative")),
        sa.CheckConstraint("households >= 0", name=op.f("ck_issue_households_not_negative")),
        sa.CheckConstraint("paid_cents >= 0", name=op.f("ck_issue_paid_cents_not_negative")),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_issue_persons_not_negative")),
        sa.CheckConstraint("recovered_cents >= 0", name=op.f("ck_issue_recovered_cents_not_negative")),
        sa.CheckConstraint("requests >= 0", name=op.f("ck_issue_requests_not_negative")),
        sa.CheckConstraint("returns >= 0", name=op.f("ck_issue_returns_not_negative")),
        sa.CheckConstraint("to_pay_cents >= 0", name=op.f("ck_issue_to_pay_cents_not_negative")),
        sa.CheckConstraint("to_recover_cents >= 0", name=op.f("ck_issue_to_recover_cents_not_negative")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_issue_accepted_by_id_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_issue_author_id_person")),
        sa.ForeignKeyConstraint(["author_unit_id"], ["unit.id"], name=op.f("fk_issue_author_unit_id_unit")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_issue_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["check_line_id"], ["check_line.id"], name=op.f("fk_issue_check_line_id_check_line")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_issue_household_id_household")),
        sa.ForeignKeyConstraint(["item_code"], ["subsidy_item.code"], name=op.f("fk_issue_item_code_subsidy_item")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_issue_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["responsible_unit_id"], ["unit.id"], name=op.f("fk_issue_responsible_unit_id_unit")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_issue_team_id_team")),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_issue_town_id_region")),
        sa.ForeignKeyConstraint(["village_id"], ["region.id"], name=op.f("fk_issue_village_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_issue_campaign_id_number")),
        sa.UniqueConstraint(
            "campaign_id", "reporting_unit_id", "sequence", name=op.f("uq_issue_campaign_id_reporting_unit_id_sequence")
        ),
    )
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.create_index("ix_issue_deadline", ["campaign_id", "deadline", "reporting_unit_id"], unique=False)
        batch_op.create_index(
            "ix_issue_figures",
            [
                "campaign_id",
                "status",
                "reporting_unit_id",
                "type_code",
                "source",
                "deadline",
                "town_id",
                "village_id",
                "to_recover_cents",
                "to_pay_cents",
                "closed_on_time",
            ],
            unique=False,
        )
        batch_op.create_index("ix_issue_ledger", ["campaign_id", "reporting_unit_id", "status", "id"], unique=False)
        batch_op.create_index(
            "ix_issue_order",
            [
                "campaign_id",
                "status",
                "deadline",
                "number",
                "reporting_unit_id",
                "town_id",
                "village_id",
                "responsible_unit_id",
                "type_code",
                "author_id",
                "amount_cents",
            ],
            unique=False,
        )
        batch_op.create_index("ix_issue_responsible_unit_id", ["responsible_unit_id", "status"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("check_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "BANK_SLIP",
                "VOUCHER",
                "PHOTO",
                "RETURN_SLIP",
                "DOCUMENT",
                "OTHER",
                name="evidence_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "FINDING",
                "RECTIFICATION",
                name="evidence_purpose",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column(
            "media_type", sa.String(length=60), nullable=False, comment="found from the content, never from the name"
        ),
        sa.Column("caption", sa.String(length=120), nullable=False),
        sa.Column(
            "taken_at",
            models.database.UtcDateTime(timezone=True),
            nullable=True,
            comment="from the photo, where it says",
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(issue_id is null) <> (check_id is null)", name=op.f("ck_evidence_one_owner")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_evidence_size_not_negative")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["household_check.id"], name=op.f("fk_evidence_check_id_household_check")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_evidence_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_check_id", ["check_id"], unique=False)
        batch_op.create_index("ix_evidence_issue_id", ["issue_id"], unique=False)

    op.create_table(
        "issue_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="1, 2, 3 … within the problem"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=30), nullable=False, comment="value of Verb, or create"),
        sa.Column(
            "from_status",
            sa.Enum(
                "DRAFT",
                "REGISTERED",
                "RECTIFYING",
                "ACCEPTANCE",
                "APPROVAL",
                "CLOSED",
                "DISMISSED",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "REGISTERED",
                "RECTIFYING",
                "ACCEPTANCE",
                "APPROVAL",
                "CLOSED",
                "DISMISSED",
                name="issue_status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
            comment="after it",
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stood_in_for_id", sa.Integer(), nullable=True, comment="代"),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "detail", models.database.JsonText(), nullable=False, comment="what the verb brought, field by field"
        ),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("type_code", sa.String(length=4), nullable=False),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("responsible_unit_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "SELF_CHECK",
                "INSPECTION",
                "SUPERVISION",
                "COVERT",
                "TIP",
                "CROSS_CHECK",
                "SPECIAL_AUDIT",
                "SUPERIOR",
                name="issue_source",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("to_recover_cents", sa.BigInteger(), nullable=False),
        sa.Column("to_pay_cents", sa.BigInteger(), nullable=False),
        sa.Column("recovered_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_event_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_event_person_id_person")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_issue_event_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_unit_id"], ["unit.id"], name=op.f("fk_issue_event_responsible_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(["stood_in_for_id"], ["person.id"], name=op.f("fk_issue_event_stood_in_for_id_person")),
        sa.ForeignKeyConstraint(["town_id"], ["region.id"], name=op.f("fk_issue_event_town_id_region")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_issue_event_unit_id_unit")),
        sa.ForeignKeyConstraint(["village_id"], ["region.id"], name=op.f("fk_issue_event_village_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_event")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_issue_event_issue_id_position")),
    )
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.create_index("ix_issue_event_as_of", ["issue_id", "recorded_at", "position"], unique=False)
        batch_op.create_index("ix_issue_event_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_issue_event_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "issue_money",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.String(length=10),
            nullable=False,
            comment="RECOVER from whom it was wrongly paid, PAY whom it is owed",
        ),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False, comment="分; negative only to correct"),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction in ('RECOVER', 'PAY')", name=op.f("ck_issue_money_direction")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_money_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_money_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_money")),
    )
    with op.batch_alter_table("issue_money", schema=None) as batch_op:
        batch_op.create_index("ix_issue_money_issue_id", ["issue_id"], unique=False)

    op.create_table(
        "issue_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_person_issue_id_issue")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["household_member.id"], name=op.f("fk_issue_person_member_id_household_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_person")),
        sa.UniqueConstraint("issue_id", "member_id", name=op.f("uq_issue_person_issue_id_member_id")),
    )
    op.create_table(
        "issue_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was reopened"),
        sa.Column("first_deadline", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_on_time", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_round_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_round")),
        sa.UniqueConstraint("issue_id", "round", name=op.f("uq_issue_round_issue_id_round")),
    )
    _make_refusal()
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Back."""
    op.drop_table("issue_round")
    op.drop_table("issue_person")
    with op.batch_alter_table("issue_money", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_money_issue_id")

    op.drop_table("issue_money")
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_event_recorded_at")
        batch_op.drop_index("ix_issue_event_person_id")
        batch_op.drop_index("ix_issue_event_as_of")

    op.drop_table("issue_event")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_issue_id")
        batch_op.drop_index("ix_evidence_check_id")

    op.drop_table("evidence")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_responsible_unit_id")
        batch_op.drop_index("ix_issue_order")
        batch_op.drop_index("ix_issue_ledger")
        batch_op.drop_index("ix_issue_figures")
        batch_op.drop_index("ix_issue_deadline")

    op.drop_table("issue")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("ix_session_user_id")

    op.drop_table("session")
    with op.batch_alter_table("sampled_household", schema=None) as batch_op:
        batch_op.drop_index("ix_sampled_household_sampled_village_id")

    op.drop_table("sampled_household")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_user_id")

    op.drop_table("membership")
    with op.batch_alter_table("household_check_event", schema=None) as batch_op:
        batch_op.drop_index("ix_household_check_event_at")

    op.drop_table("household_check_event")
    op.drop_table("check_line")
    op.drop_table("user")
    op.drop_table("team_member")
    op.drop_table("sampled_village")
    with op.batch_alter_table("household_member", schema=None) as batch_op:
        batch_op.drop_index("ix_household_member_household_id")
        batch_op.drop_index("ix_household_member_campaign_id")

    op.drop_table("household_member")
    with op.batch_alter_table("household_check", schema=None) as batch_op:
        batch_op.drop_index("ix_household_check_village_id")

    op.drop_table("household_check")
    op.drop_table("draft")
    op.drop_table("delegation")
    op.drop_table("team_region")
    op.drop_table("sample")
    op.drop_table("person")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index("ix_identity_campaign_id_id_number")

    op.drop_table("identity")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index("ix_household_village_id")

    op.drop_table("household")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_reporting_unit_id")

    op.drop_table("unit")
    op.drop_table("team")
    op.drop_table("sampling_rule")
    with op.batch_alter_table("sample_frame", schema=None) as batch_op:
        batch_op.drop_index("ix_sample_frame_campaign_id")

    op.drop_table("sample_frame")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_import_campaign_id")

    op.drop_table("roster_import")
    op.drop_table("reporting_unit_region")
    with op.batch_alter_table("payment_import", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_import_campaign_id")

    op.drop_table("payment_import")
    op.drop_table("subsidy_item")
    with op.batch_alter_table("signin_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_signin_attempt_subject_at")

    op.drop_table("signin_attempt")
    op.drop_table("reporting_unit")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index("ix_region_parent_id")

    op.drop_table("region")
    op.drop_table("campaign")
    op.drop_table("calendar_day")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
