"""A certificate for 127.0.0.1, and the authority by which a process trusts it."""

import ssl
from pathlib import Path

import trustme

BUNDLE = "authority.pem"


def trusted(folder: Path) -> ssl.SSLContext:
    """What a server on 127.0.0.1 listens with; REQUESTS_CA_BUNDLE is to be the file BUNDLE in the folder."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / BUNDLE))
    return context
