"""Conferences: child protection conferences, the plans that they make, and what was missing at them.

Owns children and families as conferences know them, section 47 enquiries and transfers in, conferences with their
invitations and contributions, child protection plans, and what happens between conferences. Publishes what becomes of
them; listens to the directory for who may be named, to reviews for who is looked after and for meetings that are held
together, and to escalations for what became of what was proposed. A scheduled job publishes missed deadlines.
"""
