"""A small identity provider that speaks OpenID Connect over HTTP: discovery, codes with PKCE, signed tokens, userinfo.

It stands for the utility's own (Entra ID, Okta, Keycloak); nothing of ours is replaced by it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "lamplighter", "a secret between two programs"


class Provider:
    """Signs in whoever `person` says, at once and without asking for a password."""

    def __init__(self):
        self.person = {"sub": "7f3c", "preferred_username": "dana"}
        self.codes, self.tokens, self.asked = {}, {}, []
        self.audience = CLIENT
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.get(self)

            def do_POST(self):
                provider.post(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=5)

    def get(self, to):
        parts = urlsplit(to.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                answer(to, {
                    "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token", "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "jwks_uri": f"{self.issuer}/jwks", "response_types_supported": ["code"],
                    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                    "id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["public"],
                })  # fmt: skip
            case "/jwks":
                key = json.loads(RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": "one", "alg": "RS256"}
                answer(to, {"keys": [key]})
            case "/authorize":
                self.authorize(to, {name: values[0] for name, values in parse_qs(parts.query).items()})
            case "/userinfo":
                person = self.tokens.get(to.headers["Authorization"].removeprefix("Bearer "))
                answer(to, person or {"error": "invalid_token"}, status=200 if person else 401)

    def authorize(self, to, asked):
        self.asked.append(asked)
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = token_urlsafe(16)
        self.codes[code] = (asked, dict(self.person))
        back = urlencode({"code": code, "state": asked["state"]})
        to.send_response(302)
        to.send_header("Location", f"{asked['redirect_uri']}?{back}")
        to.end_headers()

    def post(self, to):
        sent = parse_qs(to.rfile.read(int(to.headers["Content-Length"])).decode())
        given = {name: values[0] for name, values in sent.items()}
        who = base64.b64decode(to.headers.get("Authorization", "Basic Og==").removeprefix("Basic ")).decode()
        asked, person = self.codes.pop(given.get("code", ""), (None, None))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or who != f"{CLIENT}:{SECRET}"
            or given["redirect_uri"] != asked["redirect_uri"]
            or challenge.decode().rstrip("=") != asked["code_challenge"]
        ):
            answer(to, {"error": "invalid_grant"}, status=400)
            return
        access, now = token_urlsafe(16), int(time.time())
        self.tokens[access] = person
        claims = person | {"iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + 300}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        answer(to, {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed})


def answer(to, body, *, status=200):
    data = json.dumps(body).encode()
    to.send_response(status)
    to.send_header("Content-Type", "application/json")
    to.send_header("Content-Length", str(len(data)))
    to.end_headers()
    to.wfile.write(data)
