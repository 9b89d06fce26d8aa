"""Where webhooks may go: an outside subscriber must not make us call a machine of our own network.

The address is checked when it is registered and again whenever a connection is made, on the very addresses that the
connection then uses: a name that points elsewhere in the meantime does not help, and redirects are never followed.
"""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

LONGEST_URL = 2000
# Carries IPv4 addresses inside IPv6 ones: what looks global may lead inwards.
TRANSLATED = ("64:ff9b:", "2002:")


class AddressRefused(OSError):
    """The address is private, or no address at all."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        parsed = mapped
    return parsed.is_global and not parsed.is_multicast and not str(parsed).startswith(TRANSLATED)


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
