"""A second person for an organization needs a member's word; typing a known name opens nothing."""

from datetime import timedelta

import pytest

from tests.conversations.many import hear
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Facts, agree, file, register

CODE = "52320500MJ5123455G"


@pytest.fixture
def second(town: Town) -> Conversation:
    return town.meet(1002, "王芳")


async def ask_to_join(person: Conversation, name: str = Facts().name) -> None:
    await agree(person)
    await person.presses("登记单位")
    await person.says(name)
    assert "已经有联系人登记" in person.text
    await person.presses("申请加入")
    await person.says("王芳", "13900139000")
    await person.presses("申请加入")
    await hear(person.town)


async def test_a_known_name_reveals_and_opens_nothing(contact: Conversation, second: Conversation) -> None:
    await register(contact)
    await file(contact)
    await ask_to_join(second)
    seen = "\n".join(message.text for message in second.messages.values())
    assert "13800138000" not in seen
    assert "李明" not in seen.replace("例：李明", "")
    await second.says("/mine")
    assert "还没有填报" in second.text
    await second.says("/file")
    assert "还没有人同意" in second.text


async def test_a_member_approves_and_the_second_may_file(contact: Conversation, second: Conversation) -> None:
    await register(contact)
    await file(contact)
    await ask_to_join(second)
    assert "申请已发给" in second.text
    assert "王芳（13900139000）" in contact.text
    request = contact.last
    await contact.presses("同意加入")
    assert "已同意" in contact.text
    assert not request.buttons
    assert "您的申请已同意" in second.text
    await second.says("/mine")
    assert "已提交｜困难学生助学" in second.buttons
    await file(second)


async def test_a_refused_request_opens_nothing(
    town: Town, contact: Conversation, second: Conversation
) -> None:
    await register(contact)
    await ask_to_join(second)
    await contact.presses("拒绝")
    assert "没有得到同意" in second.text
    await agree(second)
    await second.presses("登记单位")
    await second.says(Facts().name)
    known = second.last
    await second.taps(known, "申请加入")
    assert "明天再申请" in second.text
    town.clock.moment += timedelta(days=2)
    await second.taps(known, "申请加入")
    assert "联系人" in second.text


async def test_who_asks_again_after_a_refusal_may_be_approved(
    town: Town, contact: Conversation, second: Conversation
) -> None:
    await register(contact)
    await ask_to_join(second)
    await contact.presses("拒绝")
    town.clock.moment += timedelta(days=2)
    await agree(second)
    await second.presses("登记单位")
    await second.says(Facts().name)
    await second.presses("申请加入")
    await second.says("王小芳", "13700137000")
    await second.presses("申请加入")
    await hear(town)
    assert "王小芳（13700137000）" in contact.text
    await contact.presses("同意加入")
    assert "您的申请已同意" in second.text
    await file(second)


async def test_a_request_is_decided_once(contact: Conversation, second: Conversation) -> None:
    await register(contact)
    await ask_to_join(second)
    request = contact.copy_of(contact.last)
    await contact.presses("同意加入")
    await contact.taps(request, "拒绝")
    assert "已经有人处理" in contact.toasts[-1]
    await file(second)


async def test_nobody_else_can_approve(town: Town, contact: Conversation, second: Conversation) -> None:
    await register(contact)
    await ask_to_join(second)
    request = contact.last.buttons["同意加入"]
    stranger = town.meet(1003, "外人")
    await register(stranger, Facts(name="南京市某某促进会", home="南京市"))
    await stranger.forges(request)
    assert "没有找到" in stranger.toasts[-1]
    await second.forges(request)
    assert "没有找到" in second.toasts[-1]
    await second.says("/mine")
    assert "还没有填报" in second.text


@pytest.mark.parametrize(
    "typed",
    [
        "徐州市 青禾志愿者协会",
        "徐州市青禾志愿者协会。",
        "徐州市青禾（志愿者）协会",
        "徐州市青禾志愿者协会\u200b",
    ],
)
async def test_look_alike_names_are_known(contact: Conversation, second: Conversation, typed: str) -> None:
    await register(contact)
    await agree(second)
    await second.presses("登记单位")
    await second.says(typed)
    assert "已经有联系人登记" in second.text


async def test_the_same_code_under_another_name_is_known(contact: Conversation, second: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("苏州市某某服务中心", CODE, "李明", "13800138000")
    await contact.presses("登记")
    await agree(second)
    await second.presses("登记单位")
    await second.says("苏州某某中心", CODE)
    assert "已经有联系人登记" in second.text
    assert "苏州市某某服务中心" not in second.text


async def test_a_namesake_elsewhere_is_an_organization_of_its_own(
    contact: Conversation, second: Conversation
) -> None:
    await register(
        contact,
        Facts(name="向阳社区志愿服务队", type="备案的社区社会组织", level="其他", home="徐州市泉山区"),
    )
    await agree(second)
    await second.presses("登记单位")
    await second.says("向阳社区志愿服务队")
    await second.presses("同名", "跳过", "备案的社区社会组织", "其他")
    await second.says("徐州市云龙区", "王芳", "13900139000")
    await second.presses("登记")
    assert "已登记" in second.text
    await second.says("/mine")
    assert "还没有填报" in second.text


async def test_a_namesake_in_the_same_place_is_the_same(contact: Conversation, second: Conversation) -> None:
    await register(contact)
    await agree(second)
    await second.presses("登记单位")
    await second.says(Facts().name)
    await second.presses("同名", "跳过", "社会团体", "市级")
    await second.says("徐州市")
    assert "已经有联系人登记" in second.text


async def test_one_does_not_join_twice(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/org")
    await contact.presses("登记另一家单位")
    await contact.says(Facts().name)
    await contact.presses("申请加入")
    assert "已经是这家单位的联系人" in contact.toasts[-1]


async def test_an_organization_cannot_be_renamed_into_another(
    contact: Conversation, second: Conversation
) -> None:
    await register(contact)
    await register(second, Facts(name="南京市某某促进会", home="南京市", contact="王芳"))
    await second.says("/org")
    await second.presses("修改", "改：组织名称")
    await second.says(Facts().name)
    assert "已经有别的单位登记" in second.text
    await second.presses("重新填")
    await second.says("南京市某某联合会")
    await second.presses("保存")
    assert "南京市某某联合会" in second.text
