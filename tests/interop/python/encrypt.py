"""jwcrypto as the issuer: python encrypt.py < `{ claims, envelopes }`

An envelope is `{ header, parties, key, signer, content }`. `content` says what is in it: `signed`, a token signed
by the `signer` of that algorithm; `claims`, without a signature; or `encrypted`, such a token in an envelope of its
own. `{ signers, tokens }` goes out.
"""

import json
import sys
import time

from jwcrypto.common import base64url_encode
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT


def sign(alg, key, claims):
    token = JWT(header={"alg": alg, "typ": "at+jwt"}, claims=claims)
    token.make_signed_token(key)
    return token.serialize()


def put(content, envelope):
    parties = {name: base64url_encode(text) for name, text in envelope.get("parties", {}).items()}
    header = {**envelope["header"], **parties}
    # What is named here is allowed too where it is not by default, such as RSA1_5.
    token = JWT(header=header, claims=content, algs=[header["alg"], header["enc"]])
    token.make_encrypted_token(JWK(**envelope["key"]))
    return token.serialize()


def seal(envelope, signers, claims):
    content = claims
    if envelope["content"] != "claims":
        content = sign(envelope["signer"], signers[envelope["signer"]], claims)
    if envelope["content"] == "encrypted":
        content = put(content, envelope)
    return put(content, envelope)


def main(claims, envelopes):
    now = int(time.time())
    claims = {**claims, "iat": now, "exp": now + 600}
    signers = {
        "ES256": JWK.generate(kty="EC", crv="P-256", alg="ES256"),
        "HS256": JWK.generate(kty="oct", size=256, alg="HS256"),
    }
    tokens = [seal(envelope, signers, claims) for envelope in envelopes]
    published = {
        "ES256": signers["ES256"].export_public(as_dict=True),
        "HS256": signers["HS256"].export(as_dict=True),
    }
    print(json.dumps({"signers": published, "tokens": tokens}))


main(**json.load(sys.stdin))
