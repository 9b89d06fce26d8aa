"""Conferences, invitations and contributions, proposals, and what happens between conferences."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migration_columns import MOMENT, RECORDS, TEXTS, identifier, optional, owned_by, required

revision = "0002"
down_revision = "0001"

TEXT, DAY, FLAG, NUMBER, KEY = sa.String(), sa.Date(), sa.Boolean(), sa.Integer(), sa.Uuid()


def upgrade() -> None:
    """Create the tables."""
    _create_conferences()
    _create_child_conferences()
    _create_invitations()
    _create_links()
    _create_proposals()
    _create_between()
    _create_others()
    op.execute(
        """
        CREATE TRIGGER conference_changes_are_counted BEFORE UPDATE ON conference FOR EACH ROW
        WHEN (OLD.version = NEW.version AND OLD IS DISTINCT FROM NEW)
        EXECUTE FUNCTION chassis.refuse_uncounted_change()
        """
    )


def _create_conferences() -> None:
    op.create_table(
        "conference",
        identifier(),
        *required(TEXT, "reference", "state"),
        *required(TEXTS, "person_ids"),
        *required(DAY, "planned_on"),
        *optional(sa.Time(), "planned_time"),
        *required(TEXT, "chair_id", "area_id", "mode"),
        *optional(TEXT, "venue", "minute_taker", "review_reference"),
        *required(DAY, "report_due_on"),
        *optional(DAY, "held_on", "family_contacted_on"),
        *optional(FLAG, "family_met", "quorate"),
        *optional(TEXT, "inquorate_because"),
        *required(RECORDS, "core_group", "safety_scores", "dissent", "record"),
        *optional(TEXT, "record_template"),
        *optional(DAY, "outline_plan_due_on", "outline_plan_on", "record_due_on", "record_on", "distributed_on"),
        *required(TEXTS, "distributed_to"),
        *optional(DAY, "closed_on", "cancelled_on"),
        *optional(TEXT, "cancelled_because"),
        *required(FLAG, "restricted", "imported"),
        *required(NUMBER, "version"),
        sa.CheckConstraint("state IN ('planned', 'held', 'closed', 'cancelled')", name="state"),
        sa.CheckConstraint("(state IN ('held', 'closed')) = (held_on IS NOT NULL)", name="held"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_on IS NOT NULL)", name="cancelled"),
        sa.CheckConstraint("(cancelled_on IS NULL) = (cancelled_because IS NULL)", name="cancelled_because"),
        sa.CheckConstraint("record_on >= held_on AND distributed_on >= record_on", name="record"),
        sa.CheckConstraint("cardinality(person_ids) > 0", name="person_ids"),
    )
    op.create_index("conference_reference_key", "conference", ["reference"], unique=True)
    op.create_index("conference_planned_on_id_idx", "conference", ["planned_on", "id"])
    for column in ("chair_id", "area_id", "state"):
        op.create_index(f"conference_{column}_idx", "conference", [column, "planned_on", "id"])
    op.create_index("conference_person_ids_idx", "conference", ["person_ids"], postgresql_using="gin")
    op.create_index("conference_review_reference_idx", "conference", ["review_reference"])
    op.create_index("conference_held_on_idx", "conference", ["held_on"])


def _create_child_conferences() -> None:
    op.create_table(
        "child_conference",
        identifier(),
        owned_by("conference_id", "conference.id", KEY),
        *required(TEXT, "reference"),
        owned_by("person_id", "child.person_id", TEXT),
        *required(TEXT, "kind"),
        *required(DAY, "due_on", "event_on"),
        *required(TEXT, "rule"),
        *optional(KEY, "request_id"),
        *required(TEXT, "chair_id", "area_id"),
        *optional(TEXT, "team"),
        *required(FLAG, "restricted", "cancelled"),
        *optional(DAY, "held_on"),
        *optional(FLAG, "in_time"),
        *required(FLAG, "unborn"),
        *optional(NUMBER, "age"),
        *optional(TEXT, "participation"),
        *optional(FLAG, "attended", "advocate"),
        *optional(TEXT, "views", "outcome", "category"),
        *optional(KEY, "plan_id"),
        *optional(DAY, "next_due_on"),
        *required(FLAG, "looked_after"),
        sa.CheckConstraint("(held_on IS NULL) = (outcome IS NULL)", name="outcome"),
        sa.CheckConstraint("kind IN ('initial', 'transfer_in', 'first_review', 'later_review')", name="kind"),
    )
    op.create_index(
        "child_conference_conference_id_person_id_key", "child_conference", ["conference_id", "person_id"], unique=True
    )
    op.create_index("child_conference_person_id_idx", "child_conference", ["person_id", "held_on"])
    op.create_index("child_conference_held_on_id_idx", "child_conference", ["held_on", "id"])
    op.create_index("child_conference_area_id_idx", "child_conference", ["area_id", "held_on"])
    op.create_index("child_conference_chair_id_idx", "child_conference", ["chair_id", "held_on"])
    op.create_index("child_conference_plan_id_idx", "child_conference", ["plan_id"])


def _create_invitations() -> None:
    op.create_table(
        "invitation",
        identifier(),
        owned_by("conference_id", "conference.id", KEY),
        *required(TEXT, "reference"),
        *required(TEXTS, "person_ids"),
        *required(TEXT, "invited_as", "name"),
        *optional(TEXT, "relationship", "agency_id", "agency_role", "team"),
        *required(TEXT, "area_id"),
        *optional(TEXT, "email"),
        *required(FLAG, "automatic"),
        *required(DAY, "invited_on"),
        *required(FLAG, "report_expected"),
        *optional(DAY, "report_due_on", "report_received_on", "report_shared_on", "apologies_on"),
        *optional(TEXT, "attendance"),
        *optional(DAY, "withdrawn_on"),
        *required(FLAG, "restricted"),
        *required(TEXT, "chair_id"),
        *required(NUMBER, "version"),
        sa.CheckConstraint("invited_as IN ('professional', 'family', 'advocate', 'observer')", name="invited_as"),
        sa.CheckConstraint("attendance IN ('attended', 'apologies', 'neither')", name="attendance"),
        sa.CheckConstraint("invited_as <> 'professional' OR agency_id IS NOT NULL", name="agency"),
        sa.CheckConstraint("(agency_id IS NULL) = (agency_role IS NULL)", name="agency_role"),
        sa.CheckConstraint("(invited_as = 'family') = (relationship IS NOT NULL)", name="relationship"),
        sa.CheckConstraint("report_expected = (report_due_on IS NOT NULL)", name="report_due_on"),
    )
    op.create_index("invitation_conference_id_idx", "invitation", ["conference_id"])
    op.create_index("invitation_report_due_on_idx", "invitation", ["report_due_on", "id"])
    op.create_index("invitation_agency_id_idx", "invitation", ["agency_id", "agency_role"])


def _create_links() -> None:
    op.create_table(
        "contribution_link",
        identifier(),
        *required(KEY, "invitation_id"),
        *required(sa.LargeBinary(), "token_hash"),
        *required(MOMENT, "created_at"),
        *optional(MOMENT, "superseded_at", "revoked_at", "used_at"),
    )
    op.create_index("contribution_link_token_hash_key", "contribution_link", ["token_hash"], unique=True)
    op.create_index("contribution_link_invitation_id_idx", "contribution_link", ["invitation_id"])


def _create_proposals() -> None:
    op.create_table(
        "proposal",
        identifier(),
        owned_by("conference_id", "conference.id", KEY),
        *required(TEXT, "reference"),
        *required(KEY, "invitation_id"),
        *required(TEXTS, "person_ids"),
        *required(TEXT, "agency_id", "agency_role", "professional_name"),
        *optional(TEXT, "professional_team"),
        *required(TEXT, "area_id", "reason", "state", "chair_id"),
        *required(FLAG, "restricted"),
        *required(DAY, "proposed_on"),
        *optional(DAY, "decided_on"),
        *optional(TEXT, "decided_by", "dismissed_because", "refused_because", "escalation_reference"),
        *required(NUMBER, "version"),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'raised', 'refused', 'dismissed')", name="state"),
        sa.CheckConstraint("(state = 'proposed') = (decided_on IS NULL)", name="decided"),
        sa.CheckConstraint("(state = 'dismissed') = (dismissed_because IS NOT NULL)", name="dismissed"),
        sa.CheckConstraint("(state = 'raised') = (escalation_reference IS NOT NULL)", name="raised"),
        sa.CheckConstraint("(state = 'refused') = (refused_because IS NOT NULL)", name="refused"),
    )
    op.create_index("proposal_invitation_id_key", "proposal", ["invitation_id"], unique=True)
    op.create_index("proposal_conference_id_idx", "proposal", ["conference_id", "id"])
    op.create_index("proposal_state_idx", "proposal", ["state", "id"])
    op.create_index("proposal_chair_id_idx", "proposal", ["chair_id", "state", "id"])


def _create_between() -> None:
    op.create_table(
        "core_group",
        identifier(),
        *required(TEXT, "reference"),
        owned_by("person_id", "child.person_id", TEXT),
        *required(DAY, "due_on", "event_on"),
        *optional(DAY, "held_on"),
        *optional(TEXT, "missed_because"),
        *required(RECORDS, "attended"),
        *optional(DAY, "next_on"),
        *required(DAY, "recorded_on"),
        *required(TEXT, "recorded_by"),
        sa.CheckConstraint("(held_on IS NULL) = (missed_because IS NOT NULL)", name="held_or_missed"),
    )
    op.create_index("core_group_person_id_idx", "core_group", ["person_id", "due_on"])
    op.create_index("core_group_due_on_idx", "core_group", ["due_on", "id"])
    op.create_table(
        "plan_check",
        identifier(),
        *required(TEXT, "kind", "reference"),
        owned_by("person_id", "child.person_id", TEXT),
        *optional(DAY, "due_on"),
        *required(DAY, "done_on"),
        *required(TEXT, "done_by"),
        *required(FLAG, "visits_in_time", "core_groups_held"),
        *optional(TEXT, "progress", "impact", "concern", "concern_to", "concern_to_id"),
        sa.CheckConstraint("kind IN ('midway', 'preparation')", name="kind"),
        sa.CheckConstraint("(concern IS NULL) = (concern_to IS NULL)", name="concern"),
    )
    op.create_index("plan_check_person_id_idx", "plan_check", ["person_id", "done_on"])
    op.create_index("plan_check_done_on_idx", "plan_check", ["done_on", "id"])
    op.create_table(
        "twelve_month_discussion",
        identifier(),
        owned_by("person_id", "child.person_id", TEXT),
        owned_by("plan_id", "protection_plan.id", KEY),
        *required(DAY, "due_on", "held_on"),
        *required(TEXT, "led_by"),
        *optional(TEXT, "chair_id"),
        *required(TEXTS, "attended"),
        *required(RECORDS, "agenda"),
        *required(TEXT, "conclusion"),
        sa.CheckConstraint("led_by <> chair_id", name="led_by"),
    )
    op.create_index("twelve_month_discussion_person_id_idx", "twelve_month_discussion", ["person_id"])
    op.create_index("twelve_month_discussion_plan_id_key", "twelve_month_discussion", ["plan_id"], unique=True)
    op.create_index("twelve_month_discussion_held_on_idx", "twelve_month_discussion", ["held_on", "id"])


def _create_others() -> None:
    op.create_table(
        "feedback",
        identifier(),
        *required(TEXT, "reference"),
        *required(TEXTS, "person_ids"),
        *required(TEXT, "from_whom", "rating"),
        *optional(TEXT, "comment"),
        *required(DAY, "given_on"),
        *required(TEXT, "recorded_by"),
        sa.CheckConstraint("rating IN ('red', 'amber', 'green')", name="rating"),
    )
    op.create_index("feedback_reference_idx", "feedback", ["reference"])
    op.create_index("feedback_given_on_idx", "feedback", ["given_on", "id"])
    op.create_table(
        "raised_escalation",
        sa.Column("reference", TEXT, primary_key=True),
        *required(TEXT, "conference_reference"),
        *required(FLAG, "formal"),
        *required(DAY, "raised_on"),
        *optional(DAY, "closed_on"),
    )
    op.create_index("raised_escalation_conference_reference_idx", "raised_escalation", ["conference_reference"])
