"""PyJWT as the issuer: python mint.py OUTDIR ISSUER AUDIENCE

Writes into OUTDIR
  jwks.json     the public keys
  HS256.secret  and so on: the shared secrets in base64
  tokens.tsv    name, keys, subject, grants, token

`keys` is the algorithm of the secret, or `jwks`. `grants` is what the token allows: `role:admin`,
`permission:posts:write`, `nothing`, or `reject` where the whole token is bad.
"""

import base64
import json
import secrets
import sys
import time
import uuid
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
SECRET_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
# PyJWT does not know the name Ed25519 (RFC 9864).
ALGORITHMS = [*SECRET_BYTES, "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", *CURVES, "EdDSA"]


def generate(algorithm):
    if algorithm in SECRET_BYTES:
        return secrets.token_bytes(SECRET_BYTES[algorithm])
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm])
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(algorithm, key):
    jwk = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**jwk, "kid": f"py-{algorithm}", "alg": algorithm}


def tampered(token):
    """Another subject under the old signature."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["sub"] = "mallory"
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


def mint(algorithm, key, issuer, audience):
    """Rows of (what, grants, token) that differ in one thing each."""
    now = int(time.time())
    base = {
        "iss": issuer,
        "aud": audience,
        "sub": f"py-{algorithm}",
        "client_id": "app",
        "iat": now,
        "exp": now + 600,
        "name": "Zoë ☃",
    }
    headers = {} if algorithm in SECRET_BYTES else {"kid": f"py-{algorithm}"}

    def sign(changes=None, key=key, typ="at+jwt", algorithm=algorithm):
        claims = {**base, "jti": str(uuid.uuid4()), **(changes or {})}
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm, headers={**headers, "typ": typ})

    yield "admin", "role:admin", sign({"roles": ["admin"]})
    yield "editor", "permission:posts:write", sign({"permissions": ["posts:write"]}, typ="JWT")
    yield "reader", "nothing", sign({"aud": ["urn:other", audience], "roles": ["reader"], "permissions": []})
    yield "expired", "reject", sign({"iat": now - 7200, "exp": now - 3600})
    yield "not-yet", "reject", sign({"nbf": now + 3600, "exp": now + 7200})
    yield "no-expiry", "reject", sign({"exp": None})
    yield "wrong-issuer", "reject", sign({"iss": issuer + "/"})
    yield "wrong-audience", "reject", sign({"aud": audience + "2"})
    yield "other-key", "reject", sign({"roles": ["admin"]}, key=generate(algorithm))
    yield "unsigned", "reject", sign({"roles": ["admin"]}, key=None, algorithm="none")
    yield "tampered", "reject", tampered(sign({"roles": ["admin"]}))


def main(out, issuer, audience):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    jwks, rows = [], []
    for algorithm in ALGORITHMS:
        key = generate(algorithm)
        if algorithm in SECRET_BYTES:
            keys = algorithm
            (out / f"{algorithm}.secret").write_text(base64.b64encode(key).decode() + "\n")
        else:
            keys = "jwks"
            jwks.append(public_jwk(algorithm, key))
        for what, grants, token in mint(algorithm, key, issuer, audience):
            rows.append([f"{algorithm}-{what}", keys, f"py-{algorithm}", grants, token])
    (out / "jwks.json").write_text(json.dumps({"keys": jwks}))
    (out / "tokens.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    print(f"minted {len(rows)} tokens")


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(*sys.argv[1:])
