"""Which addresses outside subscribers may have: none that leads into our own network.

An address is checked when it is registered; the client checks again what its name leads to (`chassis/base/http.py`).
"""

import socket
from urllib.parse import urlsplit

from chassis.base.http import is_public

LONGEST_URL = 2000


def check_url(url: str, *, allow_private: bool) -> str | None:
    """What is wrong with the address of an outside subscriber, as a sentence; None if nothing is.

    A name is only resolved when a connection is made.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is no address."
    if len(url) > LONGEST_URL or not url.isascii() or any(character.isspace() for character in url):
        return f"An address has at most {LONGEST_URL} plain characters and no spaces."
    if parts.scheme not in ({"https", "http"} if allow_private else {"https"}):
        return "The address must begin with https://."
    if not host or parts.username or parts.password or parts.fragment:
        return "The address needs a host, and no user, password or fragment."
    # DNS takes a name with a dot at its end as the same name.
    host = host.rstrip(".")
    if not allow_private and (host == "localhost" or host.endswith((".localhost", ".local", ".internal"))):
        return "The host is a private one."
    if not allow_private and _is_numeric(host) and not is_public(host):
        return "The host is a private address."
    return None


def _is_numeric(host: str) -> bool:
    """Whether a host is an IP address in any of the ways in which systems read one, such as 127.1 or 0x7f000001."""
    if ":" in host:
        return True
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True
