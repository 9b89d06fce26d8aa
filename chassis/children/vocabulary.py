"""What is said of a child by codes: those of the children in need census."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field


class Sex(StrEnum):
    """A child's sex as the census has it."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"
    INDETERMINATE = "I"


class Disability(StrEnum):
    """A child's disability by its code in the census; `NONE` says that there is none."""

    NONE = "NONE"
    MOBILITY = "MOB"
    HAND_FUNCTION = "HAND"
    PERSONAL_CARE = "PC"
    INCONTINENCE = "INC"
    COMMUNICATION = "COMM"
    LEARNING = "LD"
    HEARING = "HEAR"
    VISION = "VIS"
    BEHAVIOUR = "BEH"
    CONSCIOUSNESS = "CON"
    AUTISM = "AUT"
    OTHER = "DDA"


class UpnUnknown(StrEnum):
    """Why a child has no unique pupil number, by the code of the census."""

    NOT_ATTENDING = "UN1"
    FROM_OUTSIDE = "UN2"
    NEW = "UN3"
    SOURCES_EXHAUSTED = "UN4"
    NOT_YET_KNOWN = "UN5"
    OTHER = "UN6"
    REFERRED_LATE = "UN7"
    IN_PROGRESS = "UN8"
    NOT_LOOKED_AFTER = "UN9"
    NO_DUTY = "UN10"


Ethnicity = Annotated[str, Field(pattern="^[A-Z]{4}$", description="The census code, such as `WBRI`.")]
Upn = Annotated[str, Field(pattern="^[A-Z][0-9]{11}[0-9A-Z]$")]
