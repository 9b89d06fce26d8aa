"""What this service publishes: person numbers, versions and whether a record is restricted, never a name."""

from chassis.children.events import ChildChanged, ChildMerged, ChildMergeUndone

PUBLISHED = (ChildChanged, ChildMerged, ChildMergeUndone)
