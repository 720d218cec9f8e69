"""The two sides of a chat by bare HTTP: a person, and a bot that may send what no library would."""

from typing import Any

import aiohttp

from webchat import WebChat

KEY = "key-of-the-test"
TOKEN = "4242:token-of-the-test"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


class Person:
    """One person's side of a chat, through the JSON API."""

    def __init__(self, server: WebChat, http: aiohttp.ClientSession, chat: int) -> None:
        self.server, self.http, self.chat = server, http, chat

    async def request(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.server.api_url}{path}", **options) as answer:
            return answer.status, await answer.json()

    async def says(self, text: str, **more: Any) -> dict[str, Any]:
        status, body = await self.request(
            "POST", f"/api/chats/{self.chat}/messages", json={"text": text, **more}
        )
        assert status == 200, body
        return dict(body)

    async def presses(self, message_id: int, data: str) -> tuple[int, Any]:
        body = {"message_id": message_id, "data": data}
        return await self.request("POST", f"/api/chats/{self.chat}/presses", json=body)

    async def sends(self, name: str, content: bytes, mime: str, **fields: str) -> tuple[int, Any]:
        form = aiohttp.FormData()
        for field, value in fields.items():
            form.add_field(field, value)
        form.add_field("file", content, filename=name, content_type=mime)
        return await self.request("POST", f"/api/chats/{self.chat}/files", data=form)

    async def reads(self, after: int = 0, wait: float = 0) -> dict[str, Any]:
        status, body = await self.request(
            "GET", f"/api/chats/{self.chat}/messages", params={"after": after, "wait": str(wait)}
        )
        assert status == 200, body
        return dict(body)


class RawBot:
    """The bot's side by bare HTTP, for what no client library would send."""

    def __init__(self, server: WebChat, http: aiohttp.ClientSession) -> None:
        self.server, self.http = server, http

    async def call(self, method: str, **options: Any) -> tuple[int, Any]:
        url = f"{self.server.api_url}/bot{TOKEN}/{method}"
        async with self.http.post(url, **options) as answer:
            return answer.status, await answer.json()

    async def does(self, method: str, **arguments: Any) -> Any:
        status, body = await self.call(method, json=arguments)
        assert status == 200, body
        assert body["ok"] is True
        return body["result"]

    async def refused(self, method: str, **arguments: Any) -> tuple[int, str]:
        status, body = await self.call(method, json=arguments)
        assert body["ok"] is False
        assert body["error_code"] == status
        return status, body["description"]
