"""Children in need censuses as submitted, read into children, section 47 enquiries and plans: one child at a time.

Several years are read one after the other; what a later one says of the same child, enquiry or plan counts.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from xml.etree.ElementTree import Element

from pydantic import TypeAdapter, ValidationError

from chassis.base.fields import CountedDay, PersonId
from chassis.children.vocabulary import Disability, Ethnicity, Sex, Upn, UpnUnknown
from chassis.importing.reading import UnreadableFile
from chassis.importing.report import Misfits
from services.conferences.imports.census_file import text_of
from services.conferences.imports.schemas import CensusMisfitOut
from services.conferences.rules.vocabulary import Category

# With an enquiry or a plan, in all files: more than any council has.
MOST_CHILDREN = 100_000
NUMBER: TypeAdapter[str] = TypeAdapter(PersonId)
DAY: TypeAdapter[date] = TypeAdapter(CountedDay)
UPN: TypeAdapter[str] = TypeAdapter(Upn)
UPN_UNKNOWN: TypeAdapter[UpnUnknown] = TypeAdapter(UpnUnknown)
ETHNICITY: TypeAdapter[str] = TypeAdapter(Ethnicity)
# The code of the census until 2022-23, and that since.
SEXES = {"1": Sex.MALE, "2": Sex.FEMALE, "0": Sex.UNKNOWN, "9": Sex.INDETERMINATE} | {str(sex): sex for sex in Sex}
YES, NO = frozenset({"true", "1"}), frozenset({"false", "0"})
Value = TypeVar("Value")
IDENTIFIERS, CHARACTERISTICS = "ChildIdentifiers", "ChildCharacteristics"


def misfit(year: int, child: str, element: str, reason: str) -> CensusMisfitOut:
    """Something in a census that does not fit, or was taken otherwise than it was told, and why."""
    return CensusMisfitOut(year=year, child=child, element=element, reason=reason)


CensusMisfits = Misfits[[int, str, str, str], CensusMisfitOut]


@dataclass
class ReturnedEnquiry:
    """A section 47 enquiry, and the year of the last census that tells of it."""

    started_on: date
    target_on: date | None
    held_on: date | None
    not_required: bool
    year: int


@dataclass
class ReturnedPlan:
    """A plan, its latest category at the end of each year that tells of it, and the days of its reviews."""

    starts_on: date
    ends_on: date | None
    initial: Category
    latest: dict[int, Category]
    previous_plans: int | None
    year: int
    reviewed_on: set[date] = field(default_factory=set)


@dataclass
class ReturnedChild:
    """A child as the censuses tell of them; `transferred_on` are conferences without an enquiry."""

    number: str
    year: int
    born_on: date | None = None
    expected_on: date | None = None
    died_on: date | None = None
    sex: Sex | None = None
    ethnicity: str | None = None
    disabilities: list[Disability] = field(default_factory=list)
    upn: str | None = None
    upn_unknown: UpnUnknown | None = None
    enquiries: dict[date, ReturnedEnquiry] = field(default_factory=dict)
    plans: dict[date, ReturnedPlan] = field(default_factory=dict)
    transferred_on: set[date] = field(default_factory=set)


def take_child(children: dict[str, ReturnedChild], element: Element, year: int, misfits: CensusMisfits) -> None:
    """Add what a census says of a child, if it is about enquiries or plans, to what earlier ones said."""
    if not any(part.tag in {"Section47", "ChildProtectionPlans"} for part in element.iter()):
        misfits.passed_over += 1
        return
    misfits.read += 1
    number = text_of(element, f"{IDENTIFIERS}/LAchildID") or ""
    try:
        NUMBER.validate_python(number)
    except ValidationError:
        misfits.add(year, number[:40], "LAchildID", "A child has a number of letters, digits and hyphens.")
        return
    child = children.setdefault(number, ReturnedChild(number, year))
    if len(children) > MOST_CHILDREN:
        raise UnreadableFile(f"More than {MOST_CHILDREN:,} children have an enquiry or a plan.")
    child.year = year
    reading = _Reading(child, year, misfits)
    reading.identifiers(element)
    reading.characteristics(element)
    for details in element.iterfind("CINdetails"):
        for enquiry in details.iterfind("Section47"):
            reading.enquiry(enquiry)
        for plan in details.iterfind("ChildProtectionPlans"):
            reading.plan(plan)
        if day := reading.day(details, "DateOfInitialCPC"):
            child.transferred_on.add(day)


@dataclass(frozen=True)
class _Reading:
    """A child who is being read."""

    child: ReturnedChild
    year: int
    misfits: CensusMisfits

    def leave_out(self, element: str, reason: str) -> None:
        """Note what does not fit."""
        self.misfits.add(self.year, self.child.number, element, reason)

    def note(self, element: str, reason: str) -> None:
        """Note what is taken otherwise than it was told."""
        self.misfits.note(self.year, self.child.number, element, reason)

    def day(self, element: Element, path: str) -> date | None:
        """The day that an element holds; one that is none is noted."""
        # Some systems write a time behind the day.
        text = text_of(element, path)
        return self.known(DAY, element, path, "A day is written as 2019-04-01.", text and text[:10])

    def code(self, adapter: TypeAdapter[Value], element: Element, path: str) -> Value | None:
        """The code that an element holds; one that is none is noted."""
        return self.known(adapter, element, path, "This code is not known.", text_of(element, path))

    def known(
        self, adapter: TypeAdapter[Value], element: Element, path: str, reason: str, text: str | None
    ) -> Value | None:
        """What a text says, if it says anything that is known."""
        try:
            return None if text is None else adapter.validate_python(text)
        except ValidationError:
            self.leave_out(path.rpartition("/")[2].strip(".") or element.tag, reason)
            return None

    def identifiers(self, element: Element) -> None:
        """Number, birth, sex and death; a birth that was expected may have happened since."""
        child = self.child
        child.born_on = self.day(element, f"{IDENTIFIERS}/PersonBirthDate") or child.born_on
        child.expected_on = self.day(element, f"{IDENTIFIERS}/ExpectedPersonBirthDate") or child.expected_on
        child.died_on = self.day(element, f"{IDENTIFIERS}/PersonDeathDate") or child.died_on
        code = text_of(element, f"{IDENTIFIERS}/Sex") or text_of(element, f"{IDENTIFIERS}/GenderCurrent")
        if code is not None and code not in SEXES:
            self.leave_out("Sex", "This code is not known.")
        child.sex = SEXES.get(code or "", child.sex)
        if upn := self.code(UPN, element, f"{IDENTIFIERS}/UPN"):
            child.upn, child.upn_unknown = upn, None
        elif unknown := self.code(UPN_UNKNOWN, element, f"{IDENTIFIERS}/UPNunknown"):
            child.upn, child.upn_unknown = None, unknown

    def characteristics(self, element: Element) -> None:
        """Ethnicity and disabilities."""
        ethnicity = self.code(ETHNICITY, element, f"{CHARACTERISTICS}/Ethnicity")
        self.child.ethnicity = ethnicity or self.child.ethnicity
        told = [(part.text or "").strip() for part in element.iterfind(f"{CHARACTERISTICS}/Disabilities/Disability")]
        known = [Disability(code) for code in dict.fromkeys(told) if code in set(Disability)]
        if len(known) < len(told):
            self.leave_out("Disability", "Each disability is one of the census's codes, once.")
        if known:
            # Who has a disability is not without any.
            self.child.disabilities = [code for code in known if code is not Disability.NONE] or known

    def enquiry(self, element: Element) -> None:
        """A section 47 enquiry: known by the day on which it started."""
        started_on = self.day(element, "S47ActualStartDate")
        if started_on is None:
            self.leave_out("S47ActualStartDate", "An enquiry has a day on which it started.")
            return
        flag = (text_of(element, "ICPCnotRequired") or "false").lower()
        if flag not in YES | NO:
            self.note("ICPCnotRequired", "It is true or false; false is taken.")
        held_on = self.day(element, "DateOfInitialCPC")
        before = self.child.enquiries.get(started_on)
        if before is not None and before.held_on is not None and held_on not in {None, before.held_on}:
            self.leave_out("Section47", f"Another enquiry started on {started_on}; this one is left out.")
            return
        self.child.enquiries[started_on] = ReturnedEnquiry(
            started_on,
            self.day(element, "InitialCPCtarget") or (before.target_on if before else None),
            held_on or (before.held_on if before else None),
            flag in YES,
            self.year,
        )

    def plan(self, element: Element) -> None:
        """A plan: known by the day on which it started."""
        starts_on, ends_on = self.day(element, "CPPstartDate"), self.day(element, "CPPendDate")
        initial = text_of(element, "InitialCategoryOfAbuse")
        latest = text_of(element, "LatestCategoryOfAbuse") or initial
        if starts_on is None:
            self.leave_out("CPPstartDate", "A plan has a day on which it started; this one is left out.")
            return
        if initial not in set(Category) or latest not in set(Category):
            self.leave_out("InitialCategoryOfAbuse", f"The plan of {starts_on} has no category of abuse.")
            return
        number = text_of(element, "NumberOfPreviousCPP")
        plan = self.child.plans.setdefault(
            starts_on, ReturnedPlan(starts_on, None, Category(initial), {}, None, self.year)
        )
        plan.year, plan.ends_on = self.year, ends_on or plan.ends_on
        plan.latest[self.year] = Category(latest)
        if number is not None and number.isdecimal():
            plan.previous_plans = int(number[:4])
        for day in (self.day(review, ".") for review in element.iter("CPPreviewDate")):
            if day is not None:
                plan.reviewed_on.add(day)
