"""Notifications: the directory of colleagues and agencies, who covers what, and whoever is told something.

Owns the directory (colleagues, agencies, areas, coverage), the messages, and the endpoints of systems outside, to which
it passes on what every service publishes. Publishes changes of the directory and bounces; listens to escalations,
reviews, conferences and reports. Sends on a schedule: the quarterly email to liaison officers and its reminders, the
weekly reminder to chairs, the weekly report to managers, and reminders of conference reports and of core groups.
"""
