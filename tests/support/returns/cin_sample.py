"""A small whole CIN census in which nothing is wrong, referrals and assessments included, to plant faults in.

It is of the year that ended on 31 March 2026, with the elements and the order that the census schemas ask for; so a
plan's reviews stand together in one `Reviews`, of which the validator reads the first date alone: see `reviews_apart`.
"""

import re

YEAR = 2026
# The only rule that a return of four children cannot keep: it wants to see "NONE" more than seven times, though what it
# says is that fewer than eight codes were used.
OF_THE_WHOLE_AUTHORITY = frozenset({"2887Q"})

HEADER = """\
  <Header>
    <CollectionDetails>
      <Collection>CIN</Collection>
      <Year>2026</Year>
      <ReferenceDate>2026-03-31</ReferenceDate>
    </CollectionDetails>
    <Source>
      <SourceLevel>L</SourceLevel>
      <LEA>925</LEA>
      <SoftwareCode>Independent Chairs</SoftwareCode>
      <Release>1</Release>
      <SerialNo>001</SerialNo>
      <DateTime>2026-04-20T09:00:00</DateTime>
    </Source>
  </Header>
"""
# Its enquiry led to an initial conference, and that to a plan, reviewed twice.
ON_A_PLAN = """\
    <Child>
      <ChildIdentifiers>
        <LAchildID>PLAN</LAchildID>
        <UPN>A925000000011</UPN>
        <PersonBirthDate>2014-05-06</PersonBirthDate>
        <Sex>F</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities><Disability>NONE</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2025-06-02</CINreferralDate>
        <ReferralSource>2A</ReferralSource>
        <PrimaryNeedCode>N1</PrimaryNeedCode>
        <Assessments>
          <AssessmentActualStartDate>2025-06-02</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2025-07-10</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment><AssessmentFactors>4B</AssessmentFactors></FactorsIdentifiedAtAssessment>
        </Assessments>
        <Section47>
          <S47ActualStartDate>2025-06-05</S47ActualStartDate>
          <InitialCPCtarget>2025-06-26</InitialCPCtarget>
          <DateOfInitialCPC>2025-06-23</DateOfInitialCPC>
          <ICPCnotRequired>0</ICPCnotRequired>
        </Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2025-06-23</CPPstartDate>
          <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
          <LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
          <NumberOfPreviousCPP>0</NumberOfPreviousCPP>
          <Reviews>
            <CPPreviewDate>2025-09-15</CPPreviewDate>
            <CPPreviewDate>2026-02-23</CPPreviewDate>
          </Reviews>
        </ChildProtectionPlans>
      </CINdetails>
    </Child>
"""
# Its enquiry ended without a conference.
NOT_REQUIRED = """\
    <Child>
      <ChildIdentifiers>
        <LAchildID>NOTREQUIRED</LAchildID>
        <UPNunknown>UN3</UPNunknown>
        <PersonBirthDate>2010-11-30</PersonBirthDate>
        <Sex>M</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>MWBC</Ethnicity>
        <Disabilities><Disability>LD</Disability><Disability>AUT</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2025-10-06</CINreferralDate>
        <ReferralSource>6</ReferralSource>
        <PrimaryNeedCode>N5</PrimaryNeedCode>
        <Assessments>
          <AssessmentActualStartDate>2025-10-07</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2025-11-20</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment><AssessmentFactors>3B</AssessmentFactors></FactorsIdentifiedAtAssessment>
        </Assessments>
        <Section47>
          <S47ActualStartDate>2025-10-09</S47ActualStartDate>
          <InitialCPCtarget>2025-10-30</InitialCPCtarget>
          <ICPCnotRequired>1</ICPCnotRequired>
        </Section47>
        <ReferralNFA>0</ReferralNFA>
      </CINdetails>
    </Child>
"""
# On a plan since a month before the end of the year, so that no review has been due; born after it.
UNBORN = """\
    <Child>
      <ChildIdentifiers>
        <LAchildID>UNBORN</LAchildID>
        <UPNunknown>UN1</UPNunknown>
        <ExpectedPersonBirthDate>2026-05-11</ExpectedPersonBirthDate>
        <Sex>U</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>NOBT</Ethnicity>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2026-02-09</CINreferralDate>
        <ReferralSource>3F</ReferralSource>
        <PrimaryNeedCode>N1</PrimaryNeedCode>
        <Assessments>
          <AssessmentActualStartDate>2026-02-10</AssessmentActualStartDate>
        </Assessments>
        <Section47>
          <S47ActualStartDate>2026-02-12</S47ActualStartDate>
          <InitialCPCtarget>2026-03-05</InitialCPCtarget>
          <DateOfInitialCPC>2026-03-02</DateOfInitialCPC>
          <ICPCnotRequired>0</ICPCnotRequired>
        </Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2026-03-02</CPPstartDate>
          <InitialCategoryOfAbuse>PHY</InitialCategoryOfAbuse>
          <LatestCategoryOfAbuse>PHY</LatestCategoryOfAbuse>
          <NumberOfPreviousCPP>0</NumberOfPreviousCPP>
        </ChildProtectionPlans>
      </CINdetails>
    </Child>
"""
# Its second plan began before the year and ended in it; so did the whole case.
ENDED = """\
    <Child>
      <ChildIdentifiers>
        <LAchildID>ENDED</LAchildID>
        <UPN>C925000000022</UPN>
        <PersonBirthDate>2012-01-19</PersonBirthDate>
        <Sex>M</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WIRI</Ethnicity>
        <Disabilities><Disability>NONE</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2024-09-16</CINreferralDate>
        <ReferralSource>3A</ReferralSource>
        <PrimaryNeedCode>N1</PrimaryNeedCode>
        <CINclosureDate>2025-10-20</CINclosureDate>
        <ReasonForClosure>RC7</ReasonForClosure>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2024-10-14</CPPstartDate>
          <CPPendDate>2025-09-08</CPPendDate>
          <InitialCategoryOfAbuse>SAB</InitialCategoryOfAbuse>
          <LatestCategoryOfAbuse>MUL</LatestCategoryOfAbuse>
          <NumberOfPreviousCPP>1</NumberOfPreviousCPP>
          <Reviews>
            <CPPreviewDate>2025-06-16</CPPreviewDate>
            <CPPreviewDate>2025-09-08</CPPreviewDate>
          </Reviews>
        </ChildProtectionPlans>
      </CINdetails>
    </Child>
"""
CHILDREN = (ON_A_PLAN, NOT_REQUIRED, UNBORN, ENDED)
# Until the census of 2023-24 the element was another one, with other codes.
GENDER = {"F": "2", "M": "1", "U": "0"}


def changed(child: str, person: str, after: dict[str, str], elements: dict[str, str | None]) -> str:
    """A child under another number, with the first of each element changed or left out, and some XML added after one.

    Unless it is told here, the child has no unique pupil number, which would be another's.
    """
    if "<UPN>" in child and "UPN" not in elements:
        child = re.sub("<UPN>.*</UPN>", "<UPNunknown>UN3</UPNunknown>", child)
    for name, value in {"LAchildID": person, **elements}.items():
        written = "" if value is None else f"<{name}>{value}</{name}>"
        child, count = re.subn(rf"<{name}>.*?</{name}>", written, child, count=1, flags=re.DOTALL)
        assert count == 1, name
    for name, added in after.items():
        assert f"</{name}>" in child, name
        child = child.replace(f"</{name}>", f"</{name}>{added}", 1)
    return child


def census(*more: str, header: str = HEADER) -> str:
    """The census as XML, with more children if there are any."""
    children = "".join((*CHILDREN, *more))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n{header}  <Children>\n{children}  </Children>\n</Message>\n'


def reviews_apart(text: str) -> str:
    """A census with each review in a `Reviews` of its own, so that the validator sees them all."""
    return re.sub(r"</CPPreviewDate>\s*<CPPreviewDate>", "</CPPreviewDate></Reviews><Reviews><CPPreviewDate>", text)


def with_gender(text: str) -> str:
    """A census as it was before it asked for the sex."""
    return re.sub("<Sex>(.)</Sex>", lambda found: f"<GenderCurrent>{GENDER[found[1]]}</GenderCurrent>", text)
