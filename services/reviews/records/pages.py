"""The pages behind the links to the record of a review."""

from chassis.command import Command
from chassis.papers.distribution import PaperLink, issuing
from chassis.papers.pages import PaperPages
from chassis.papers.paper import Paper
from chassis.web.reading import RecordReader
from services.reviews.records import document

PATH = "/review-papers"


async def _paper_of(command: Command, reader: RecordReader, link: PaperLink) -> Paper:
    """The record of the one child that the link is about, or of all where it is about several."""
    alone = link.person_ids[0] if len(link.person_ids) == 1 else None
    return await document.paper(command.process, reader, link.reference, alone)


routes = PaperPages(PATH, _paper_of).router()
issuing_routes = issuing(PATH)
