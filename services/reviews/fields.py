"""What this service's own fields hold."""

from typing import Annotated

from pydantic import Field

REFERENCE = r"^REV-\d{4}-\d{4,}$"
Reference = Annotated[str, Field(pattern=REFERENCE, description="Such as `REV-2019-0042`.")]
Placement = Annotated[str, Field(pattern=r"^[A-Z][0-9]$", description="The SSDA903 code, such as `U4` or `K1`.")]
