"""The one door: who is asking, which service answers, and what the whole system's API looks like.

Owns nothing and keeps nothing; services never learn a person's own token, only the gateway's word for who they are.
"""
