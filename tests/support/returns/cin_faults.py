"""What can be wrong with a child in the CIN census, and which rules of the sector's validator say so."""

from collections.abc import Callable
from functools import partial

from tests.support.returns.cin_sample import ENDED, NOT_REQUIRED, ON_A_PLAN, UNBORN, changed

Planted = Callable[[str], str]


def _child(text: str, after: dict[str, str] | None = None, **elements: str | None) -> Planted:
    """A child with a fault; it is written once it has its number."""
    return lambda person: changed(text, person, after or {}, elements)


on_a_plan = partial(_child, ON_A_PLAN)
not_required = partial(_child, NOT_REQUIRED)
unborn = partial(_child, UNBORN)
ended = partial(_child, ENDED)


def _enquiry(start: str, not_required: int) -> str:
    return (
        f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>"
        f"<ICPCnotRequired>{not_required}</ICPCnotRequired></Section47>"
    )


def _plan(start: str, end: str = "") -> str:
    return (
        f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>{end}"
        "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>"
        "<NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>"
    )


def _episode(plan: str) -> str:
    """A case that was open for the first five months of 2025."""
    return (
        "<CINdetails><CINreferralDate>2025-01-06</CINreferralDate><ReferralSource>6</ReferralSource>"
        "<PrimaryNeedCode>N1</PrimaryNeedCode><CINclosureDate>2025-06-02</CINclosureDate>"
        f"<ReasonForClosure>RC7</ReasonForClosure><ReferralNFA>0</ReferralNFA>{plan}</CINdetails>"
    )


def _ends(on: str) -> str:
    return f"<CPPendDate>{on}</CPPendDate>"


def _dies(on: str) -> str:
    return f"<PersonDeathDate>{on}</PersonDeathDate>"


def _born(on: str, more: str = "") -> dict[str, str]:
    return {"UPNunknown": f"<PersonBirthDate>{on}</PersonBirthDate>{more}"}


ENQUIRIES: dict[str, tuple[Planted, set[str]]] = {
    "a conference on a Sunday": (on_a_plan(DateOfInitialCPC="2025-06-22", CPPstartDate="2025-06-22"), {"8875"}),
    "a conference before its enquiry": (on_a_plan(S47ActualStartDate="2025-06-24"), {"8615"}),
    "a conference after the year": (unborn(DateOfInitialCPC="2026-04-01"), {"8715", "2885"}),
    "a conference told twice": (
        on_a_plan({"PrimaryNeedCode": "<DateOfInitialCPC>2025-06-23</DateOfInitialCPC>"}),
        {"2884"},
    ),
    "an enquiry without a beginning": (on_a_plan(S47ActualStartDate=None), {"8615"}),
    "an enquiry that waits for its conference": (not_required(ICPCnotRequired="0"), {"8675Q"}),
    "an enquiry of the year before that waits": (
        not_required(ICPCnotRequired="0", S47ActualStartDate="2025-03-03", CINreferralDate="2025-03-03"),
        {"8675Q", "8740"},
    ),
    # 8740 knows 0 alone, as 2885 knows 1: neither knows the words that stand for them.
    "an enquiry of the year before that waits, in words": (
        not_required(ICPCnotRequired="false", S47ActualStartDate="2025-03-03", CINreferralDate="2025-03-03"),
        {"8675Q"},
    ),
    "an enquiry within another": (on_a_plan({"Section47": _enquiry("2025-06-10", 1)}), {"8890"}),
    "two open enquiries": (
        not_required({"Section47": _enquiry("2025-11-10", 0)}, ICPCnotRequired="0"),
        {"8675Q", "8839", "8890"},
    ),
    "an enquiry before the referral": (not_required(CINreferralDate="2025-10-10"), {"1103", "2889"}),
    "an enquiry open as the case is closed": (
        not_required(
            {
                "PrimaryNeedCode": "<CINclosureDate>2026-03-30</CINclosureDate><ReasonForClosure>RC1</ReasonForClosure>",
            },
            S47ActualStartDate="2026-03-25",
            ICPCnotRequired="0",
        ),
        {"8868"},
    ),
}
PLANS: dict[str, tuple[Planted, set[str]]] = {
    "a plan apart from its conference": (on_a_plan(CPPstartDate="2025-06-24"), {"2885"}),
    "a plan without a beginning": (ended(CPPstartDate=None), {"8720"}),
    "a plan of the next year": (unborn(CPPstartDate="2026-04-01"), {"8720"}),
    "a plan that ended before it began": (ended(CPPendDate="2024-10-11"), {"8925", "8930"}),
    "a plan that ended as it began": (unborn({"CPPstartDate": _ends("2026-03-02")}), {"8840"}),
    "a plan that ended in the year before": (ended(CPPendDate="2025-03-31"), {"8930"}),
    "a plan within another": (
        on_a_plan({"ReferralNFA": _plan("2025-06-09", _ends("2025-07-01"))}),
        {"2885", "8940"},
    ),
    "two open plans in two cases": (
        ended({"CINdetails": _episode(_plan("2025-01-13"))}, CPPendDate=None),
        {"8820", "8935"},
    ),
    "a plan before the referral": (ended(CINreferralDate="2024-10-15"), {"1105"}),
    "a first category that does not exist": (ended(InitialCategoryOfAbuse="SEX"), {"8905"}),
    "a latest category that does not exist": (ended(LatestCategoryOfAbuse="MULT"), {"8910"}),
    "no number of plans before": (ended(NumberOfPreviousCPP=None), {"8730"}),
    "a review on the first day": (on_a_plan(CPPreviewDate="2025-06-23"), {"8841"}),
    "a later review before the plan": (
        on_a_plan({"CPPreviewDate": "<CPPreviewDate>2025-06-20</CPPreviewDate>"}),
        {"8841"},
    ),
    "a plan that ended after a death": (ended({"PersonBirthDate": _dies("2025-09-01")}), {"8920"}),
    "a plan that began after a death": (
        unborn(_born("2026-02-20", _dies("2026-02-27")), ExpectedPersonBirthDate=None, Sex="F"),
        {"8915"},
    ),
}
CHILD: dict[str, tuple[Planted, set[str]]] = {
    "an ethnicity that does not exist": (not_required(Ethnicity="XXXX"), {"4220"}),
    "an indeterminate sex": (not_required(Sex="I"), {"4180"}),
    "an unborn child's sex": (unborn(Sex="F"), {"8750"}),
    "no date of birth": (not_required(PersonBirthDate=None), {"8525Q"}),
    "born after the year": (unborn(_born("2026-04-08"), ExpectedPersonBirthDate=None, Sex="M"), {"8520"}),
    "expected long before": (unborn(ExpectedPersonBirthDate="2026-03-01"), {"8530Q"}),
    "a death before the year": (not_required({"PersonBirthDate": _dies("2025-03-31")}), {"8545Q", "8555Q"}),
    "a pupil number with another letter": (ended(UPN="D925000000022"), {"1510"}),
    "a pupil number of nowhere": (ended(UPN="T999000000022"), {"1530"}),
    "no school at fourteen": (not_required(UPNunknown="UN1"), {"8770Q"}),
    "a reason from another list": (not_required(UPNunknown="UN8"), {"8770Q"}),
    "no further action, and yet an enquiry": (not_required(UPNunknown="UN7"), {"8772"}),
    "none, and yet a disability": (
        not_required(Disabilities="<Disability>NONE</Disability><Disability>LD</Disability>"),
        {"8790"},
    ),
    "a disability twice": (not_required(Disabilities="<Disability>LD</Disability>" * 2), {"8794"}),
}
# What no rule sees, and why: our own tests must.
UNSEEN: dict[str, Planted] = {
    # 8870Q wants the day first, and takes any other date for none.
    "a target on a Saturday": on_a_plan(InitialCPCtarget="2025-06-28"),
    # 8868 looks at closed cases alone.
    "a conference that was not required": not_required(
        {"InitialCPCtarget": "<DateOfInitialCPC>2025-10-27</DateOfInitialCPC>"}
    ),
    "no word on whether a conference is required": not_required(ICPCnotRequired=None),
    # 8565 looks at a plan of its own, which was left there from a test.
    "a case closed before the plan's end": ended(CINclosureDate="2025-09-01"),
    # 8940 leaves out the plans that have the same place in two cases.
    "plans that overlap in two cases": on_a_plan({"CINdetails": _episode(_plan("2025-01-13", _ends("2025-06-30")))}),
    # 8540 names nobody.
    "a disability that does not exist": not_required(Disabilities="<Disability>XXX</Disability>"),
    "no word on disabilities": not_required(Disabilities=None),
    "a review before the year": ended(CPPreviewDate="2025-01-13"),
    "a conference on a bank holiday": on_a_plan(
        DateOfInitialCPC="2025-08-25",
        CPPstartDate="2025-08-25",
        CPPreviewDate="2025-11-17",
    ),
}
