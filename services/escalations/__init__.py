"""Escalations: what Independent Chairs challenge, to whom, how it was answered, and what came of it.

Owns formal escalations of both kinds, positive challenges, good practice, answers and answer links. Publishes what
becomes of them; listens to the directory for who may own, answer and receive them, and to conferences for what their
chairs confirmed. Does nothing by the clock.
"""
