"""The pages behind the links to a conference's papers."""

from chassis.command import Command
from chassis.papers.distribution import PaperLink, issuing
from chassis.papers.pages import PaperPages
from chassis.papers.paper import Paper
from chassis.web.reading import RecordReader
from services.conferences.records import document
from services.conferences.records.schemas import OUTLINE_PLAN

PATH = "/conference-papers"


async def _paper_of(command: Command, reader: RecordReader, link: PaperLink) -> Paper:
    content = document.outline_plan if link.paper == OUTLINE_PLAN else document.record
    return await document.paper(command.process, reader, link.reference, content)


routes = PaperPages(PATH, _paper_of).router()
issuing_routes = issuing(PATH)
