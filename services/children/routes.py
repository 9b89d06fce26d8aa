"""The HTTP face: who may ask, and for what."""

from services.children import internal
from services.children.children import api as children
from services.children.conflicts import api as conflicts
from services.children.imports import api as imports
from services.children.merges import api as merges

# They are asked in this order whether a path is theirs: what is asked for most comes as early as it can.
ROUTERS = (
    # Before single children, among whom `import-template` would be looked for.
    imports.routes,
    internal.routes,
    children.routes,
    merges.routes,
    conflicts.routes,
)
