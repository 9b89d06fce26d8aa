"""What this service's fields hold, besides those that every service has."""

from typing import Annotated

from pydantic import Field

REFERENCE = r"^CONF-\d{4}-\d{4,}$"
REVIEW_REFERENCE = r"^REV-\d{4}-\d{4,}$"
Reference = Annotated[str, Field(pattern=REFERENCE, description="Such as `CONF-2019-0042`.")]
ReviewReference = Annotated[str, Field(pattern=REVIEW_REFERENCE, description="Such as `REV-2019-0042`.")]
RequestId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$", description="The number in the case-management system.")
]
