"""Fault 55 and the key: who may speak to the server, and what a foreign page can do."""

from pathlib import Path

import aiohttp
import pytest

from tests.webchat.chat_clients import KEY, TOKEN
from webchat import NotLoopback, WebChat

PATHS = [
    ("GET", "/api/chats"),
    ("GET", "/api/chats/7/messages"),
    ("POST", "/api/chats/7/messages"),
    ("POST", "/api/chats/7/presses"),
    ("POST", "/api/chats/7/files"),
    ("GET", "/api/chats/7/commands"),
    ("PUT", "/api/chats/7"),
    ("GET", "/api/files/x"),
    ("GET", "/control/calls"),
    ("POST", "/control/faults"),
]


@pytest.fixture
async def stranger(server):
    async with aiohttp.ClientSession(server.api_url) as session:
        yield session


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": "Bearer ключ"},
        {"Cookie": f"key={KEY}"},
    ],
    ids=["none", "empty", "wrong", "basic", "longer", "not ascii", "cookie"],
)
async def test_without_the_key_nothing_opens(stranger, person, method, path, headers):
    async with stranger.request(method, path, headers=headers, json={"text": "x"}) as answer:
        assert answer.status == 401
        assert (await answer.json())["message"] == "请用程序启动时显示的完整地址打开本页。"
    assert (await person.reads())["messages"] == []


async def test_the_key_in_the_query_opens_no_api(stranger):
    async with stranger.get(f"/api/chats?key={KEY}") as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "192.168.0.1:{port}",
        "",
    ],
)
async def test_a_rebinding_host_is_refused_even_with_the_key(server, person, host):
    headers = {"Host": host.format(port=server.port)}
    for path in ("/", "/api/chats", f"/bot{TOKEN}/getMe"):
        status, body = await person.request("GET", path, headers=headers)
        assert (status, body["error"]) == (403, "wrong_origin")


async def test_the_servers_own_names_are_accepted(server, person):
    for host in ("127.0.0.1", "localhost", "[::1]"):
        status, _ = await person.request("GET", "/api/chats", headers={"Host": f"{host}:{server.port}"})
        assert status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "http://localhost.evil.example:{port}",
        "https://127.0.0.1:{port}",
    ],
)
async def test_a_foreign_origin_is_refused_even_with_the_key(server, person, origin):
    headers = {"Origin": origin.format(port=server.port)}
    status, body = await person.request("POST", "/api/chats/7/messages", headers=headers, json={"text": "x"})
    assert (status, body["error"]) == (403, "wrong_origin")
    status, _ = await person.request("POST", f"/bot{TOKEN}/sendMessage", headers=headers, json={})
    assert status == 403
    assert (await person.reads())["messages"] == []


async def test_the_pages_own_origin_is_accepted(server, person):
    headers = {"Origin": server.api_url, "Sec-Fetch-Site": "same-origin"}
    status, _ = await person.request("POST", "/api/chats/7/messages", headers=headers, json={"text": "x"})
    assert status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_other_sites_may_link_to_the_page_and_to_nothing_else(person, stranger, site):
    status, _ = await person.request("GET", "/api/chats", headers={"Sec-Fetch-Site": site})
    assert status == 403
    async with stranger.get("/", headers={"Sec-Fetch-Site": site}) as answer:
        assert answer.status == 200


async def test_no_answer_lets_another_site_read_it(stranger, server):
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    async with stranger.options("/api/chats/7/messages", headers=preflight) as answer:
        assert answer.status == 403
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


async def test_the_page_can_load_nothing_from_elsewhere(stranger):
    async with stranger.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert KEY not in page
    page_folder = Path(__file__).parents[2] / "webchat" / "page"
    for file in page_folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/texts.json", "/page/index.html", "/webchat.sqlite3"]
)
async def test_only_the_pages_own_files_are_served(stranger, path):
    async with stranger.get(path) as answer:
        assert answer.status == 404


async def test_the_bots_token_is_no_key_and_the_key_is_no_token(stranger):
    async with stranger.get("/api/chats", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert answer.status == 401
    async with stranger.post(f"/bot{KEY}/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")


async def test_the_harness_is_absent_unless_asked_for(tmp_path, http):
    plain = WebChat(tmp_path / "plain", KEY, TOKEN)
    await plain.start()
    try:
        for method, path in (
            ("GET", "/control/calls"),
            ("POST", "/control/faults"),
            ("POST", "/control/updates"),
        ):
            async with http.request(method, plain.api_url + path, json={}) as answer:
                assert answer.status == 404
    finally:
        await plain.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_other_machines_are_never_served(tmp_path, host):
    with pytest.raises(NotLoopback):
        WebChat(tmp_path, KEY, TOKEN, host=host)
