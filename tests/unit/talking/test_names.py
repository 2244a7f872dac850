"""Names as people give them, and as a recogniser writes that down."""

from __future__ import annotations

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from digital_life.backends.pinyin import sound
from digital_life.talking import names

GIVEN = {
    # As Whisper writes them: with its own marks and capitals.
    "My name is Anna.": "Anna",
    "my name's anna": "Anna",
    "Anna.": "Anna",
    "Anna": "Anna",
    "I'm Bob.": "Bob",
    "I am Robert.": "Robert",
    "You can call me Bob.": "Bob",
    "Call me Al.": "Al",
    "Please call me Mr. Smith.": "Mr Smith",
    "Just call me Sam, please.": "Sam",
    "It's Peter.": "Peter",
    "Hi, I'm Julia, nice to meet you.": "Julia",
    "Hello, my name is Maria Lopez.": "Maria Lopez",
    "Well, my name is Robert, but everyone calls me Bob.": "Bob",
    "My name is Elizabeth, but you can call me Liz.": "Liz",
    "People call me Jo.": "Jo",
    "They call me Ishmael.": "Ishmael",
    "My friends call me Max.": "Max",
    "Oh, just Tom is fine.": "Tom",
    "Tom will do.": "Tom",
    "Tom, please.": "Tom",
    "Um, Katie.": "Katie",
    "KATIE": "Katie",
    "Anne-Marie.": "Anne-Marie",
    "My name is O'Neil.": "O'Neil",
    "The name is Bond.": "Bond",
    "The name's Bond. James Bond.": "Bond James Bond",
    "Name's Charlie.": "Charlie",
    "Yes, I'm Daniel.": "Daniel",
    "You may call me Doctor Jones.": "Doctor Jones",
    "I go by Teddy.": "Teddy",
    "Anna is my name.": "Anna",
    "This is Laura.": "Laura",
    "Okay, call me captain.": "Captain",
    "It's Anna, A-N-N-A.": "Anna",
    "A-N-N-A.": "Anna",
    "A N N A": "Anna",
    "My name is Sara, S-A-R-A.": "Sara",
    "Jon, J O N.": "Jon",
    "Anna with one N.": "Ana",
    "Ana with two N's.": "Anna",
    "Kathy with a C.": "Cathy",
    "I'm Sara with an H.": "Sarah",
    "Sarah without H.": "Sara",
    "Jon with an H.": "John",
    "My first name is Wei.": "Wei",
    "I'm called Xavier.": "Xavier",
    "I'd like to be called Lex.": "Lex",
    "Let me see, call me Frank.": "Frank",
    "Sure, it's Mia.": "Mia",
    "I prefer Ben.": "Ben",
    "So, I'm José.": "José",
    "Zoë.": "Zoë",
    "It is Priya, thank you.": "Priya",
    "Everyone calls me Gran.": "Gran",
    "You could call me mom.": "Mom",
    "Dave, thanks.": "Dave",
    "I think Lily.": "Lily",
    "My full name is John Paul Jones.": "John Paul Jones",
    "Hey Jarvis, I'm Nina.": "Nina",
    "That would be Oscar.": "Oscar",
    "Simply Eve.": "Eve",
    "Names Peter.": "Peter",
    # Chinese.
    "我叫李明。": "李明",
    "我叫李明": "李明",
    "李明。": "李明",
    "叫我小李就行。": "小李",
    "叫我小李就好了": "小李",
    "你可以叫我阿明。": "阿明",
    "你就叫我老王吧。": "老王",
    "请叫我王老师。": "王老师",
    "我的名字是张伟。": "张伟",
    "我的名字叫张伟": "张伟",
    "我是小红。": "小红",
    "我姓王,叫王芳。": "王芳",
    "我姓李，叫明。": "李明",
    "我姓欧阳，叫欧阳娜娜。": "欧阳娜娜",
    "我叫张伟，你可以叫我小张。": "小张",
    "大家都叫我小陈。": "小陈",
    "朋友们都叫我胖子。": "胖子",
    "家里人叫我妞妞": "妞妞",
    "你好，我叫陈静。": "陈静",
    "你好我叫陈静": "陈静",
    "嗯，叫我安娜吧。": "安娜",
    "安娜。": "安娜",
    "我叫 Anna。": "Anna",
    "叫我Anna就行": "Anna",
    "就叫我大刘好了。": "大刘",
    "称呼我刘先生就可以了。": "刘先生",
    "喊我豆豆吧。": "豆豆",
    "我叫李明,木子李,明天的明。": "李明",
    "我叫张伟弓长张伟大的伟": "张伟",
    "张炜，伟大的伟。": "张伟",
    "我叫丽丽，美丽的丽。": "丽丽",
    "我姓章，立早章。": "章",
    "我叫章静，弓长张，安静的静。": "张静",
    "好的，我叫林娜。": "林娜",
    "那就叫我小林吧": "小林",
    "小林吧。": "小林",
    "叫我奶奶。": "奶奶",
    "叫爷爷就行。": "爷爷",
    "直接叫我海涛。": "海涛",
    "以后叫我阿杰。": "阿杰",
    "你管我叫老张吧。": "老张",
    "我是王小明。": "王小明",
    "本人赵云。": "赵云",
    "嗯我叫周杰": "周杰",
    "我叫司马光。": "司马光",
    "叫我小美，谢谢。": "小美",
    "我叫刘洋，很高兴认识你。": "刘洋",
    "额，孙丽。": "孙丽",
    "孙丽": "孙丽",
    "我叫艾米丽": "艾米丽",
    "叫我主人吧": "主人",
    "你叫我宝宝就行了。": "宝宝",
    "我英文名叫Tony。": "Tony",
    "我叫 Mary Jane。": "Mary Jane",
    "我的大名叫郭靖": "郭靖",
    "同事都叫我老郭。": "老郭",
    "还是叫我小郭吧": "小郭",
    "你就喊我一声大哥吧": "大哥",
    "小芳，谢谢你。": "小芳",
    "可以叫我阿姨。": "阿姨",
}
NOT_GIVEN = (
    "A N N A N A N A N A N A N A N A N A N",
    "What time is it?",
    "I'm fine.",
    "I'm not sure.",
    "I'm tired",
    "Hello!",
    "Tell me a joke.",
    "How is the weather today?",
    "I don't know.",
    "Turn on the light.",
    "Skip.",
    "Yes.",
    "My cat is asleep on the sofa again.",
    "现在几点了？",
    "今天天气怎么样",
    "我不知道",
    "你叫什么名字？",
    "打开客厅的灯。",
    "跳过",
    "我很饿",
    "你好",
    "好的",
    "我是不是该睡了",
)


@pytest.mark.parametrize(("said", "name"), GIVEN.items())
def test_the_name_that_somebody_gives(said: str, name: str) -> None:
    found = names.given(said, sound=sound)
    assert found
    assert found.name == name


@pytest.mark.parametrize("said", NOT_GIVEN)
def test_what_is_no_name(said: str) -> None:
    assert names.given(said, sound=sound) is None


def test_enough_answers_are_tried_in_each_language() -> None:
    chinese = [said for said in GIVEN if any("\u4e00" <= each <= "\u9fff" for each in said)]
    assert len(chinese) >= 60
    assert len(GIVEN) - len(chinese) >= 60


CHOSEN = {
    "Keep it.": "Jarvis",
    "Keep your name.": "Jarvis",
    "You can keep that name.": "Jarvis",
    "Jarvis is fine.": "Jarvis",
    "Jervis is fine": "Jarvis",
    "Stay Jarvis.": "Jarvis",
    "I like your name.": "Jarvis",
    "That's fine.": "Jarvis",
    "Your name is good.": "Jarvis",
    "It's a nice name, keep it": "Jarvis",
    "Don't change it.": "Jarvis",
    "Just stay as you are.": "Jarvis",
    "I'll call you Ada.": "Ada",
    "Let's call you Ada.": "Ada",
    "I'd like to call you Ada, please.": "Ada",
    "Your name is Ada.": "Ada",
    "From now on your name is Ada.": "Ada",
    "You are Ada.": "Ada",
    "How about Luna?": "Luna",
    "What about Luna?": "Luna",
    "I like Luna.": "Luna",
    "Luna would be nice.": "Luna",
    "Luna, please.": "Luna",
    "Luna.": "Luna",
    "Another one: Luna.": "Luna",
    "Change it to Luna.": "Luna",
    "不用改了。": "Jarvis",
    "不用换": "Jarvis",
    "不用改名者": "Jarvis",
    "不用开了": "Jarvis",
    "名字不用换": "Jarvis",
    "保持原来的名字。保持原来的": "Jarvis",
    "就叫这个名子吧": "Jarvis",
    "就用这个名字。": "Jarvis",
    "用原来的名字吧": "Jarvis",
    "就这样吧。": "Jarvis",
    "还是叫原来的名字": "Jarvis",
    "这个名字挺好的。": "Jarvis",
    "保持原样": "Jarvis",
    "随便": "Jarvis",
    "我喜欢你的名字": "Jarvis",
    "叫你小雅吧。": "小雅",
    "我想叫你小雅": "小雅",
    "你叫小雅。": "小雅",
    "你以后就叫小雅吧": "小雅",
    "改成小雅": "小雅",
    "换一个，叫小雅": "小雅",
    "就叫小雅吧。": "小雅",
    "小雅怎么样？": "小雅",
    "小雅。": "小雅",
    "以后我就管你叫豆包": "豆包",
    "给你改名叫团团": "团团",
    "我觉得叫团团不错": "团团",
}


@pytest.mark.parametrize(("said", "name"), CHOSEN.items())
def test_the_name_that_it_shall_bear(said: str, name: str) -> None:
    found = names.chosen(said, "Jarvis", sound=sound)
    assert found
    assert found.name == name


CORRECTED = {
    ("No, Anna with one N.", "Anna"): "Ana",
    ("No, it's Hanna.", "Anna"): "Hanna",
    ("No, Hannah.", "Anna"): "Hannah",
    ("I said Hanna.", "Anna"): "Hanna",
    ("No, my name is Joan.", "John"): "Joan",
    ("It's Joan, not John.", "John"): "Joan",
    ("Not John, Joan.", "John"): "Joan",
    ("Actually, it's Joan.", "John"): "Joan",
    ("With a K.", "Catherine"): "Katherine",
    ("It's spelled J-O-N.", "John"): "Jon",
    ("No, J O N.", "John"): "Jon",
    ("不对，是安娜。", "安拉"): "安娜",
    ("不是，我叫李敏", "李明"): "李敏",
    ("不是李明，是李敏。", "李明"): "李敏",
    ("应该是李敏", "李明"): "李敏",
    ("是敏捷的敏。", "李民"): "李敏",
    ("弓长张。", "章伟"): "张伟",
    ("错了，叫我老杨", "老羊"): "老杨",
}


@pytest.mark.parametrize(("said", "name"), CORRECTED.items())
def test_a_name_is_corrected(said: tuple[str, str], name: str) -> None:
    assert names.corrected(said[0], said[1], sound=sound) == name


@pytest.mark.parametrize(
    "said", ["What is the weather?", "Yes.", "Keep it.", "天气怎么样？", "好的", "The second one."]
)
def test_what_corrects_nothing(said: str) -> None:
    assert names.corrected(said, "Anna", sound=sound) is None


@generated(st.text(max_size=40))
def test_anything_may_be_said(said: str) -> None:
    for found in (names.given(said, sound=sound), names.chosen(said, "Jarvis", sound=sound)):
        assert found is None or found.name.strip()
    names.corrected(said, "Anna", sound=sound)
