"""The word for people of each value that the API names, and of each field: pages, emails and answers use them."""

import re
from collections.abc import Mapping

_FAILED = {
    "no_report_no_apologies": "No report, no apologies",
    "no_report_sent_apologies": "No report, apologies sent",
    "no_report_attended": "Attended without a report",
    "no_apologies": "Report sent, absent without apologies",
}
# What a value is called where its own words, `in_person` as "In person", would not do. Keyed by the enum's name.
LABELS: Mapping[str, Mapping[str, str]] = {
    "Category": {
        "NEG": "Neglect",
        "PHY": "Physical abuse",
        "SAB": "Sexual abuse",
        "EMO": "Emotional abuse",
        "MUL": "Multiple",
    },
    "ChairConflict": {
        "independent": "Works on the child's case or manages it",
        "mother_and_child_apart": "Chairs for the child's mother, or for her child",
        "not_the_childs_own_chair": "Is the child's own chair, who does not chair this panel",
    },
    "Choice": {
        "dealt_with": "We dealt with it with the member of staff",
        "changed_practice": "We changed how we work",
        "records_differ": "Our records differ",
        "not_our_staff": "Not our member of staff",
        "still_looking": "We are still looking into it",
    },
    "ConferenceKind": {
        "initial": "Initial conference",
        "transfer_in": "Transfer-in conference",
        "first_review": "First review conference",
        "later_review": "Later review conference",
    },
    "DeadlineKind": {
        "allocation": "Allocate a chair",
        "adjourned_meeting": "Complete the adjourned review",
        "social_worker_report": "Social worker's report",
        "decisions": "Write the decisions",
        "manager_response": "The manager's answer to decisions",
        "record": "Complete the record",
        "distribution": "Distribute the record",
        "visit": "Visit the child",
        "midpoint": "Midpoint check",
        "care_end": "Record that care ended",
        "missing_plan": "Escalate a missing plan",
        "midway_check": "Midway check of the plan",
        "preparation_check": "Prepare the conference",
        "twelve_month_discussion": "12-month discussion",
        "outline_plan": "Send the outline plan",
        "proposals": "Decide on proposed escalations",
        "plan_end": "Record that the plan ended",
    },
    "Disability": {
        "NONE": "None",
        "MOB": "Mobility",
        "HAND": "Hand function",
        "PC": "Personal care",
        "INC": "Incontinence",
        "COMM": "Communication",
        "LD": "Learning",
        "HEAR": "Hearing",
        "VIS": "Vision",
        "BEH": "Behaviour",
        "CON": "Consciousness",
        "AUT": "Autism or Asperger syndrome",
        "DDA": "Other disability",
    },
    "EarlyTrigger": {
        "chair_asked": "The chair asked for it",
        "welfare_not_safeguarded": "The child's welfare is not safeguarded",
        "police_protection_remand_or_custody_ends": "Police protection, remand or custody ends",
        "accommodation_ends": "Accommodation ends",
    },
    "LegalStatus": {
        "C1": "Interim care order",
        "C2": "Full care order",
        "D1": "Freeing order granted",
        "E1": "Placement order granted",
        "V2": "Single period of accommodation under section 20",
        "V3": "Accommodated under an agreed series of short breaks, each recorded",
        "V4": "Accommodated under an agreed series of short breaks",
        "J1": "Remanded to local authority accommodation or youth detention accommodation",
        "J2": "Accommodated under the Police and Criminal Evidence Act 1984",
        "J3": "Sentenced to a youth rehabilitation order with a residence or intensive fostering requirement",
        "L1": "Under police protection in local authority accommodation",
        "L2": "Emergency protection order",
        "L3": "Under a child assessment order in local authority accommodation",
    },
    "Participation": {
        "PN0": "Under 4 on the day of the review",
        "PN1": "Attended and spoke for themselves",
        "PN2": "Attended, and an advocate spoke for them",
        "PN3": "Attended and conveyed their views without words",
        "PN4": "Attended without contributing",
        "PN5": "Did not attend, but briefed an advocate",
        "PN6": "Did not attend, but conveyed their views",
        "PN7": "Did not attend, and their views were not conveyed",
    },
    "Prompt": {"leaflet_remand": "Leaflet for children on remand"},
    "ProposalReason": _FAILED,
    "Reason": {**_FAILED, "report_late": "Report late"},
    "ReviewKind": {
        "first": "First review",
        "second": "Second review",
        "later": "Later review",
        "short_break_first": "First review of short breaks",
        "short_break_later": "Later review of short breaks",
        "adoption_authorised_first": "First review after adoption was authorised",
        "adoption_authorised_later": "Later review after adoption was authorised",
        "adoption_placed_first": "First review after the placement for adoption",
        "adoption_placed_second": "Second review after the placement for adoption",
        "adoption_placed_later": "Later review after the placement for adoption",
        "adoption_returned": "Review after the return from adopters",
        "secure_first": "First review of secure accommodation",
        "secure_later": "Later review of secure accommodation",
        "disruption": "Disruption meeting",
    },
    "Sex": {"F": "Female", "M": "Male", "U": "Unknown", "I": "Indeterminate"},
    "Theme": {
        "practice_issues": "Practice issues (multiple issues)",
        "placement_concerns": "Placement or accommodation concerns",
    },
    "UpnUnknown": {
        "UN1": "Not attending school",
        "UN2": "From outside England",
        "UN3": "New, without a number yet",
        "UN4": "Sources exhausted",
        "UN5": "Not yet known",
        "UN6": "Other reason",
        "UN7": "Referred late",
        "UN8": "Being looked up",
        "UN9": "Not looked after",
        "UN10": "No duty to have one",
    },
}
# The national return whose codes the values of an enum are.
RETURNS = {
    "Category": "CIN",
    "Disability": "CIN",
    "LegalStatus": "SSDA903",
    "Participation": "SSDA903",
    "Sex": "CIN",
    "UpnUnknown": "CIN",
}


def label(enum: str, value: str) -> str:
    """The word for people of a value of an enum."""
    return LABELS.get(enum, {}).get(value) or value.replace("_", " ").capitalize()


# What a field is called where its own words, `area_id` as "Area" and `held_on` as "Date held", would not do.
FIELDS = {
    "born_on": "Date of birth",
    "died_on": "Date of death",
    "due_on": "Due date",
    "email": "Email address",
    "ends_on": "End date",
    "event_on": "Date of the event",
    "expected_on": "Expected date of birth",
    "gp_practice": "GP practice",
    "id": "Identifier",
    "meeting_on": "Date of the meeting",
    "person_id": "Person number",
    "person_ids": "Person numbers",
    "q": "What to search for",
    "starts_on": "Start date",
    "upn": "Unique pupil number",
    "upn_unknown": "Reason for no unique pupil number",
    "url": "Web address",
    "uprn": "Unique property reference number",
}


def field_label(field: str) -> str:
    """The words for people of a field, by the last part of its path."""
    if field in FIELDS:
        return FIELDS[field]
    words = field.replace("-", "_")
    if dated := re.fullmatch(r"(\w+)_(on|at)", words):
        words = f"{'date' if dated[2] == 'on' else 'time'}_{dated[1]}"
    words = re.sub(r"_id(s?)$", r"\1", words).replace("_", " ")
    return words[:1].upper() + words[1:]
