"""PyJWT as the verifier: python verify.py KEYS FILE ISSUER AUDIENCE < tokens

KEYS is `jwks`, or the algorithm of the secret in FILE (base64). One token a line comes in, one line
`OK alg subject` or `FAIL reason` goes out for each; the exit code is 1 if one failed.
"""

import base64
import sys
from pathlib import Path

import jwt

# What RFC 9068 2.2 demands of an access token.
REQUIRED = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]


def key_finder(keys, file):
    """A function from a token's header to the key and the one algorithm that it may use."""
    text = Path(file).read_text()
    if keys != "jwks":
        secret = decode_base64(text)
        return lambda header: (secret, keys)
    by_kid = jwt.PyJWKSet.from_json(text)

    def find(header):
        key = by_kid[header["kid"]]
        return key, key.algorithm_name

    return find


def decode_base64(text):
    """Either alphabet, padded or not."""
    text = text.strip().rstrip("=").translate(str.maketrans("-_", "+/"))
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def check(token, find_key, issuer, audience):
    header = jwt.get_unverified_header(token)
    key, algorithm = find_key(header)
    claims = jwt.decode(
        token, key, algorithms=[algorithm], issuer=issuer, audience=audience, options={"require": REQUIRED}
    )
    return f"OK {header['alg']} {claims['sub']}"


def main(keys, file, issuer, audience):
    find_key, failed = key_finder(keys, file), False
    for token in sys.stdin.read().splitlines():
        try:
            print(check(token, find_key, issuer, audience))
        except (jwt.PyJWTError, KeyError) as error:
            failed = True
            print("FAIL", type(error).__name__, error)
    sys.exit(1 if failed else 0)


if len(sys.argv) != 5:
    sys.exit(__doc__)
main(*sys.argv[1:])
