"""Who may speak to the server: the key, the Host header, the Origin header, and what a page may load.

The Host check answers DNS rebinding: a foreign page whose name was pointed at this machine still sends its
own name. The Origin check answers cross-site requests. No answer carries a CORS header.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

from webchat.state import TEXTS

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self';"
    " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refusal(status: int, reason: str, **parts: object) -> web.Response:
    """The person API's refusal: a code for programs and a sentence for people."""
    message = TEXTS[reason].format(**parts)
    return web.json_response({"error": reason, "message": message}, status=status)


class Guard:
    """Checks every request before anything of it is read."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self.port = 0

    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request pass or refuse it; no answer leaves without the protecting headers."""
        response = await self._answer(request, handler)
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._is_local(request.headers.get("Host", "")):
            return refusal(403, "wrong_origin")
        if self._is_foreign(request):
            return refusal(403, "wrong_origin")
        if request.path.startswith(("/api/", "/control/")) and not self._has_key(request):
            return refusal(401, "key_missing")
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return refusal(404, "not_found")
        except web.HTTPException as error:
            return refusal(error.status, "bad_request")

    def sign_file(self, file_id: str) -> str:
        """What opens this one file without the key: links and pictures cannot carry a header."""
        return hmac.new(self._key, b"file:" + file_id.encode(), hashlib.sha256).hexdigest()

    def _is_local(self, host: str) -> bool:
        return host in self._own_hosts()

    def _is_foreign(self, request: web.Request) -> bool:
        origin = request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self._own_hosts():
            return True
        site = request.headers.get("Sec-Fetch-Site", "none")
        return site not in ("none", "same-origin") and request.path != "/"

    def _own_hosts(self) -> list[str]:
        ending = "" if self.port == 80 else f":{self.port}"  # browsers leave the default port out
        return [name + ending for name in LOOPBACK_NAMES]

    def _has_key(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), self._key)
        signature = request.query.get("signature", "")
        file_id = request.match_info.get("file")
        if file_id is None or request.method != "GET":
            return False
        return hmac.compare_digest(signature.encode("utf-8", "replace"), self.sign_file(file_id).encode())
