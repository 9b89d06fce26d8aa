"""Where the owner of children is, for every service that keeps a replica of them."""

from pydantic import Field

from chassis.base.settings import Settings


class ChildrenSettings(Settings):
    """The settings of a service that asks who a child is."""

    children_url: str = Field(default="http://127.0.0.1:8005", description="The address of the children service.")
