"""What tests of 催报 and 群发 share: the organizations of a small town, and a text to all of them."""

from tests.conversations.talking import Conversation

HOMES = {1: ("徐州市甲协会", "徐州市"), 2: ("睢宁县乙协会", "睢宁县"), 3: ("南通市丙协会", "南通市")}
"""By chat: the organization and where it is registered."""


async def write_to_all(clerk: Conversation, words: str) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("群发", "全部登记单位", "（全部）")
    await clerk.says(words)
