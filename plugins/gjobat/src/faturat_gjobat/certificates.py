"""The simulator's certificates: a CA, a server's and a client's, made once into its data folder."""

import os
import ssl
import tempfile
from pathlib import Path

import trustme

CA, SERVER, CLIENT, CLIENT_KEY = "ca.pem", "server.pem", "client.pem", "client.key"


def make(folder: Path) -> None:
    """Make them where there are none, readable by their owner alone; the folder is there whole or not at all.

    The CA's key is not kept.
    """
    if folder.exists():
        return
    ca = trustme.CA()
    server = ca.issue_cert("127.0.0.1")
    client = ca.issue_cert("bank.example")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    _write(made / CA, ca.cert_pem)
    _write(made / SERVER, server.private_key_and_cert_chain_pem)
    _write(made / CLIENT, client.cert_chain_pems[0])
    _write(made / CLIENT_KEY, client.private_key_pem)
    made.rename(folder)


def server_context(folder: Path) -> ssl.SSLContext:
    """For the company's side: TLS 1.2 or newer, and no client without a certificate of its CA."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / CA)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _write(path: Path, pem: trustme.Blob) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem.bytes())
