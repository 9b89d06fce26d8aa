"""Escalations: what Independent Chairs challenge, who has to answer, the answers and the outcomes.

Owns formal escalations of both kinds, positive challenges, good practice, answers and answer links. Publishes what
happens to them; listens to the directory for who may own, answer and receive them, and to conferences for what their
chairs confirmed. Has no scheduled jobs.
"""
