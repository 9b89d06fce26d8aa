"""What fields hold that are this service's own."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.base.fields import once_each

REFERENCE = r"^ESC-\d{4}-\d{4,}$"


Reference = Annotated[str, Field(pattern=REFERENCE, description="Such as `ESC-2019-0042`.")]


References = Annotated[list[Reference], Field(min_length=1, max_length=1000), AfterValidator(once_each)]
