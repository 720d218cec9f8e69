"""Ways through the bot that many tests begin with."""

from dataclasses import dataclass

from tests.conversations.talking import Conversation


@dataclass(frozen=True)
class Facts:
    """What a contact says of an organization."""

    name: str = "徐州市青禾志愿者协会"
    type: str = "社会团体"
    level: str = "市级"
    home: str = "徐州市"
    contact: str = "李明"
    phone: str = "13800138000"


@dataclass(frozen=True)
class Project:
    """What a contact says of a project."""

    region: str = "睢宁县"
    name: str = "困难学生助学"
    nature: str = "教育帮扶"
    invested: str = "12.5万元"
    people: str = "20"
    beneficiaries: str = "300"


async def agree(person: Conversation) -> None:
    await person.says("/start")
    if "同意并开始" in person.buttons:
        await person.presses("同意并开始")


async def register(person: Conversation, facts: Facts = Facts()) -> None:
    """From the menu to the organization's card, submitted."""
    await agree(person)
    await person.presses("登记单位")
    await person.says(facts.name)
    await person.presses("跳过", facts.type, facts.level)
    await person.says(facts.home, facts.contact, facts.phone)
    await person.presses("登记")
    assert "已登记（待核实）" in person.text


async def fill(person: Conversation, project: Project = Project()) -> None:
    """From /file to the card, everything typed."""
    await person.says("/file")
    if "再报一个" in person.buttons:
        await person.presses("再报一个")
    await person.says(project.region, project.name)
    if "仍然继续" in person.buttons:
        await person.presses("仍然继续")
    for words in (
        project.nature,
        project.invested,
        project.people,
        project.beneficiaries,
    ):
        await person.says(words)


async def file(person: Conversation, project: Project = Project()) -> None:
    """The same, and submitted."""
    await fill(person, project)
    await person.presses("提交")
    assert "已提交" in person.text, person.text
