"""jwcrypto as the recipient: python decrypt.py < `{ keys, pems, tokens, issuer, audience }`

`keys` are private JWKs and secrets; `pems` are `{ alg, pem }`, each named by its thumbprint; a token is
`{ token, signer }` with the JWK that verifies what is inside. `[{ header, claims } or { error }]` goes
out.
"""

import json
import sys

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jwt import JWT


def load(keys, pems):
    """All keys as a set, in which the token's `kid` chooses."""
    found = JWKSet()
    for key in keys:
        found.add(JWK(**key))
    for row in pems:
        key = JWK.from_pem(row["pem"].encode())
        key["alg"] = row["alg"]
        found.add(key)
    return found


def decrypt(token, signer, keys, expected):
    envelope = JWT(jwt=token, key=keys, expected_type="JWE")
    header = json.loads(envelope.header)
    [key] = keys.get_keys(header["kid"])
    if key["alg"] != header["alg"]:
        raise ValueError("the key is for another algorithm")
    inside = JWT(
        jwt=envelope.claims,
        key=JWK(**signer),
        algs=[signer["alg"]],
        check_claims={**expected, "exp": None},
        expected_type="JWS",
    )
    if json.loads(inside.header)["typ"] != "at+jwt":
        raise ValueError("it is no access token")
    return {"header": header, "claims": json.loads(inside.claims)}


def attempt(row, *arguments):
    try:
        return decrypt(row["token"], row["signer"], *arguments)
    except (JWException, KeyError, ValueError) as error:
        return {"error": repr(error)}


def main(keys, pems, tokens, issuer, audience):
    keys = load(keys, pems)
    expected = {"iss": issuer, "aud": audience}
    print(json.dumps([attempt(row, keys, expected) for row in tokens]))


main(**json.load(sys.stdin))
