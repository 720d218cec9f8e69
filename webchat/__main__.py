"""`python -m webchat`: the server alone, for tests that need it in a process of its own."""

import argparse
import asyncio
import json
import signal
from pathlib import Path

from webchat.faults import Faults
from webchat.server import WebChat


def read_options() -> argparse.Namespace:
    """The command line; `--faults` switches the harness of webchat.faults on."""
    parser = argparse.ArgumentParser(prog="python -m webchat")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--banner", default="")
    parser.add_argument("--faults", action="store_true")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT; the first line printed tells where, as JSON."""
    faults = Faults() if options.faults else None
    chat = WebChat(
        options.folder,
        options.key,
        options.token,
        port=options.port,
        banner=lambda: options.banner,
        faults=faults,
    )
    await chat.start()
    print(json.dumps({"address": chat.address, "api_url": chat.api_url, "port": chat.port}), flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await chat.stop()


if __name__ == "__main__":
    asyncio.run(serve(read_options()))
