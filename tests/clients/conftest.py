"""The tests import the published client: its generated part is made from the document first."""

from deploy.clients import make

make()
