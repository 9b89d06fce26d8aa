"""Reviews: every looked-after child's reviews, when each is due, how it was held and what came of it.

Owns looked-after children, their chairs, review meetings, decisions, records and deadlines, and what happens between
reviews. Publishes what happens to them. Receives who may chair from the directory, who is on a plan and which
conferences are planned from conferences, and what was raised from a review from escalations. Its jobs publish missed
deadlines and take a manager's silence as agreement.
"""
