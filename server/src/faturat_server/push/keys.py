"""The server's own key pair, by which push services know it (VAPID, RFC 8292)."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from faturat_server.access.tables import SecretRow
from faturat_server.push.subscriptions import encode

NAME = "vapid"


async def server_key() -> ec.EllipticCurvePrivateKey:
    """The key of all processes on this database, made by the first that asks: browsers subscribe to its public half."""
    row = await _stored()
    if row is None:
        await SecretRow.insert(SecretRow(name=NAME, value=_new_pem())).on_conflict(action="DO NOTHING")
        row = await _stored()
    assert row is not None
    key = load_pem_private_key(row["value"].encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def public_half(key: ec.EllipticCurvePrivateKey) -> str:
    """What a browser subscribes with: the uncompressed point, in base64url."""
    return encode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


async def _stored() -> dict[str, Any] | None:
    return await SecretRow.select().where(SecretRow.name == NAME).first()


def _new_pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
