"""Reviews: every looked-after child's reviews, when each is due, how it was held and what came of it.

Owns looked-after children, their chairs, review meetings, decisions, records and deadlines, and what happens between
reviews. Publishes what becomes of them; listens to the directory for who may chair, to conferences for who is on a plan
and for what stands in a chair's calendar, and to escalations for what was raised from a review. By the clock: tells of
missed deadlines and takes a manager's silence as agreement.
"""
