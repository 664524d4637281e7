"""The directory: facilities near people, the regions of Indonesia, and what is reported wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "directory",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    with op.batch_alter_table("region") as batch_op:
        batch_op.create_index(batch_op.f("ix_region_level"), ["level"])
        batch_op.create_index(batch_op.f("ix_region_parent_code"), ["parent_code"])

    op.create_table(
        "correction",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_correction_by_id")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_correction_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_correction_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction") as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_by_id"), ["by_id"])
        batch_op.create_index(batch_op.f("ix_correction_facility_id"), ["facility_id"])
        batch_op.create_index(batch_op.f("ix_correction_settled_at"), ["settled_at"])

    op.create_table(
        "facility_fact",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "igd", "24_jam", "poned", "antrean_online", name="has", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_fact_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "what", name=op.f("pk_facility_fact")),
    )
    op.create_table(
        "facility_holiday",
        sa.Column("facility_id", sa.BigInteger(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_holiday_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_holiday")),
        sa.UniqueConstraint("facility_id", "on", name=op.f("uq_facility_holiday_facility_id_on")),
    )
    op.create_table(
        "facility_listing",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_listing_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_listing")),
        sa.UniqueConstraint("source", "code", name=op.f("uq_facility_listing_source_code")),
    )
    with op.batch_alter_table("facility_listing") as batch_op:
        batch_op.create_index(batch_op.f("ix_facility_listing_facility_id"), ["facility_id"])

    op.create_table(
        "facility_poli",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_poli_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_poli")),
        sa.UniqueConstraint("facility_id", "name", name=op.f("uq_facility_poli_facility_id_name")),
    )
    op.create_table(
        "emergency_card",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("outbox_key", sa.String(), nullable=False),
        sa.Column("telegram_message_id", sa.BigInteger(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_emergency_card_bot_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_emergency_card_person_id")
        ),
        sa.PrimaryKeyConstraint("bot_id", "person_id", name=op.f("pk_emergency_card")),
    )
    with op.batch_alter_table("emergency_card") as batch_op:
        batch_op.create_index(batch_op.f("ix_emergency_card_looked_at"), ["looked_at"])
    with op.batch_alter_table("emergency_number") as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
    with op.batch_alter_table("role") as batch_op:
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("form") as batch_op:
        batch_op.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("facility") as batch_op:
        batch_op.add_column(sa.Column("is_ours", sa.Boolean(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "puskesmas",
                    "pustu",
                    "klinik_pratama",
                    "dokter",
                    "dokter_gigi",
                    "klinik_tni_polri",
                    "rs_d_pratama",
                    "rumah_sakit",
                    "klinik_utama",
                    "bidan",
                    "apotek",
                    "lainnya",
                    name="kind",
                    native_enum=False,
                    length=20,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("hospital_class", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("owner", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("is_partner", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("partner_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("region_code", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "accuracy",
                sa.Enum(
                    "titik",
                    "desa",
                    "kecamatan",
                    "kabupaten",
                    name="accuracy",
                    native_enum=False,
                    length=20,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("phone", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("whatsapp", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("services", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("doctors", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("dentists", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("mended", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_facility_region_code"), ["region_code"])
    # Until now a facility was entered only to answer through this installation.
    op.execute(sa.text("UPDATE facility SET is_ours = :ours, mended = ''").bindparams(ours=True))
    with op.batch_alter_table("facility") as batch_op:
        batch_op.alter_column("is_ours", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("mended", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("facility") as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_region_code"))
        batch_op.drop_column("ended_on")
        batch_op.drop_column("mended")
        batch_op.drop_column("checked_on")
        batch_op.drop_column("source")
        batch_op.drop_column("dentists")
        batch_op.drop_column("doctors")
        batch_op.drop_column("services")
        batch_op.drop_column("whatsapp")
        batch_op.drop_column("phone")
        batch_op.drop_column("accuracy")
        batch_op.drop_column("longitude")
        batch_op.drop_column("latitude")
        batch_op.drop_column("region_code")
        batch_op.drop_column("address")
        batch_op.drop_column("partner_until")
        batch_op.drop_column("is_partner")
        batch_op.drop_column("owner")
        batch_op.drop_column("hospital_class")
        batch_op.drop_column("kind")
        batch_op.drop_column("is_ours")

    with op.batch_alter_table("form") as batch_op:
        batch_op.drop_column("sealed")
    with op.batch_alter_table("role") as batch_op:
        batch_op.drop_column("reminded_at")
    with op.batch_alter_table("emergency_number") as batch_op:
        batch_op.drop_column("ended_on")
    op.drop_table("emergency_card")
    op.drop_table("facility_poli")
    with op.batch_alter_table("facility_listing") as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_listing_facility_id"))

    op.drop_table("facility_listing")
    op.drop_table("facility_holiday")
    op.drop_table("facility_fact")
    with op.batch_alter_table("correction") as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_settled_at"))
        batch_op.drop_index(batch_op.f("ix_correction_facility_id"))
        batch_op.drop_index(batch_op.f("ix_correction_by_id"))

    op.drop_table("correction")
    with op.batch_alter_table("region") as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent_code"))
        batch_op.drop_index(batch_op.f("ix_region_level"))

    op.drop_table("region")
    op.drop_table("directory")
