"""The reports service: what is published about the work, written by people, approved by one, with figures that stay.

Owns reports, their words, and the figures that were taken when they were approved; and the definitions of all figures,
which it asks reviews, conferences and escalations for. Publishes that a report was begun or published; listens to the
directory. Begins a report by the clock when its period has ended.
"""
