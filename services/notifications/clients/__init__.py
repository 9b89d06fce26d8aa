"""What this service asks of others over HTTP."""

from services.notifications.clients.conferences import ConferenceDeadline as ConferenceDeadline
from services.notifications.clients.conferences import ConferenceLetter as ConferenceLetter
from services.notifications.clients.conferences import Conferences as Conferences
from services.notifications.clients.conferences import ContributionLinkWanted as ContributionLinkWanted
from services.notifications.clients.conferences import CoreGroupDue as CoreGroupDue
from services.notifications.clients.conferences import MadeContributionLink as MadeContributionLink
from services.notifications.clients.escalations import Escalations as Escalations
from services.notifications.clients.escalations import GivenAnswer as GivenAnswer
from services.notifications.clients.escalations import Item as Item
from services.notifications.clients.escalations import Link as Link
from services.notifications.clients.escalations import LinkPage as LinkPage
from services.notifications.clients.escalations import LinkWanted as LinkWanted
from services.notifications.clients.escalations import MadeLink as MadeLink
from services.notifications.clients.escalations import OpenItem as OpenItem
from services.notifications.clients.figures import ConferenceRow as ConferenceRow
from services.notifications.clients.figures import ContributionRow as ContributionRow
from services.notifications.clients.figures import EscalationRow as EscalationRow
from services.notifications.clients.figures import PlanRow as PlanRow
from services.notifications.clients.figures import ReviewRow as ReviewRow
from services.notifications.clients.figures import Row as Row
from services.notifications.clients.figures import Table as Table
from services.notifications.clients.reviews import Deadline as Deadline
from services.notifications.clients.reviews import LetterChild as LetterChild
from services.notifications.clients.reviews import Letters as Letters
from services.notifications.clients.reviews import Reviews as Reviews
from services.notifications.settings import settings_of as settings_of
