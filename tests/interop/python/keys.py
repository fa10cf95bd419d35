"""jwcrypto as the recipient: python keys.py < kinds

`[{ kid, alg, kty, crv or size }]` comes in, a key for each goes out: `{ private, public, pkcs8, spki }`, of which
a secret has only the first.
"""

import json
import sys

from jwcrypto.jwk import JWK


def generate(kind):
    key = JWK.generate(**kind, use="enc")
    if key.is_symmetric:
        return {"private": key.export(as_dict=True)}
    return {
        "private": key.export_private(as_dict=True),
        "public": key.export_public(as_dict=True),
        "pkcs8": key.export_to_pem(private_key=True, password=None).decode(),
        "spki": key.export_to_pem().decode(),
    }


print(json.dumps([generate(kind) for kind in json.load(sys.stdin)]))
