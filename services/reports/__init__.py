"""The reports service: what is published about the work, written by people, approved by one, with figures that stay."""
