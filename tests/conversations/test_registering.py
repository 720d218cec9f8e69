"""Registering as people really answer: a name with its number, a sentence for a name, a home too wide."""

import pytest

from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import agree, register


async def until_contact(person: Conversation) -> None:
    await agree(person)
    await person.presses("登记单位")
    await person.says("徐州市青禾志愿者协会")
    await person.presses("跳过", "社会团体", "市级")
    await person.says("徐州市")
    assert "第 6/7 步" in person.text


@pytest.mark.parametrize(
    ("typed", "name", "phone"),
    [
        ("张三 13912345678", "张三", "13912345678"),
        ("联系人是李四，电话0516-8370 1234", "李四", "0516-83701234"),
        ("王芳（13800138000）", "王芳", "13800138000"),
        ("13912345678 欧阳娜娜", "欧阳娜娜", "13912345678"),
    ],
)
async def test_a_name_with_its_number_answers_both_questions(
    contact: Conversation, typed: str, name: str, phone: str
) -> None:
    await until_contact(contact)
    await contact.says(typed)
    assert f"✓ 联系人：{name}\n✓ 联系电话：{phone}\n" in contact.text
    assert "请核对单位信息" in contact.text


async def test_a_broken_number_beside_the_name_is_asked_again(contact: Conversation) -> None:
    await until_contact(contact)
    await contact.says("我叫张三，手机1391234567")
    assert "✓ 联系人：张三\n" in contact.text
    assert "第 7/7 步" in contact.text


async def test_a_number_alone_is_no_name(contact: Conversation) -> None:
    await until_contact(contact)
    await contact.says("13912345678")
    assert "请写联系人的姓名" in contact.text


async def test_a_sentence_is_no_name_of_an_organization(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("我们是徐州的一家志愿者组织，想登记一下")
    assert "请只写证书上的全称" in contact.text
    await contact.says("徐州市青禾志愿者协会（云龙分会）")
    assert "✓ 组织名称（全称）：徐州市青禾志愿者协会（云龙分会）" in contact.text


async def test_an_organization_below_the_province_names_its_city(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("徐州市青禾志愿者协会")
    await contact.presses("跳过", "社会团体", "市级")
    await contact.says("江苏省")
    assert "请写到市或县" in contact.text
    await contact.presses("按省、市、县选", "江苏省", "就选到江苏省")
    assert "请写到市或县" in contact.text
    await contact.says("徐州市")
    assert "✓ 所在地：江苏省/徐州市" in contact.text


async def test_a_home_that_a_new_level_makes_too_wide_is_asked_again(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("江苏省青禾基金会")
    await contact.presses("跳过", "基金会", "省级")
    await contact.says("江苏省", "李明", "13800138000")
    await contact.presses("改：登记层级", "县级")
    assert "第 5/7 步" in contact.text
    await contact.says("丰县")
    assert "江苏省/徐州市/丰县" in contact.text
    await contact.presses("登记")
    assert "已登记（待核实）" in contact.text


async def test_a_request_to_join_names_the_organization(town: Town, contact: Conversation) -> None:
    await register(contact)
    second = town.meet(1002, "王芳")
    await agree(second)
    await second.presses("登记单位")
    await second.says("徐州市青禾志愿者协会")
    await second.presses("申请加入")
    await second.says("王芳 13800138001")
    assert "徐州市青禾志愿者协会" in second.text
    assert "由这家单位的联系人决定" in second.text
