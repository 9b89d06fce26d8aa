"""An outside subscriber cannot register a machine of our own network."""

import pytest

from services.notifications.webhooks.addresses import check_url


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        # As it should be, with a port and a query.
        ("https://hooks.example.org/chairs", True),
        ("https://hooks.example.org:8443/chairs?id=1", True),
        # A public address by number.
        ("https://93.184.216.34/", True),
        # Readable on its way.
        ("http://hooks.example.org/", False),
        # Other schemes.
        ("file:///etc/passwd", False),
        ("gopher://example.org/", False),
        ("hooks.example.org", False),
        # No host, or a host that is no host.
        ("https:///path", False),
        ("https://[::1", False),
        ("https://example.org:notaport/", False),
        # A user, which hides the host from hasty eyes.
        ("https://example.org@10.0.0.1/", False),
        ("https://example.org/#part", False),
        # This machine and its network by name.
        ("https://localhost/", False),
        ("https://LOCALHOST/", False),
        ("https://a.localhost/", False),
        ("https://printer.local/", False),
        ("https://metadata.google.internal/", False),
        # The same by name, with the dot at the end that DNS allows.
        ("https://localhost./", False),
        ("https://metadata.google.internal./", False),
        # The same by number, in every way in which systems read one.
        ("https://127.0.0.1/", False),
        ("https://127.1/", False),
        ("https://2130706433/", False),
        ("https://0x7f000001/", False),
        ("https://0177.0.0.1/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:10.0.0.1]/", False),
        ("https://169.254.169.254/latest/meta-data", False),
        # Spaces, line ends and letters that look like others.
        ("https://example.org/a b", False),
        ("https://example.org/\r\nX: y", False),
        ("https://ex\u0430mple.org/", False),
        # Longer than anybody needs.
        ("https://example.org/" + "a" * 2000, False),
    ],
)
def test_an_address_is_checked_when_it_is_registered(url: str, fine: bool) -> None:
    said = check_url(url, allow_private=False)
    assert (said is None) is fine
    assert said is None or said.endswith(".")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost/", "https://10.0.0.1/"])
def test_development_may_call_its_own_machine(url: str) -> None:
    assert check_url(url, allow_private=True) is None
