"""Mechanisms that every service needs and no service owns; nothing here knows a service's words."""
