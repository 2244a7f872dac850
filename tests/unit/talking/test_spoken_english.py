"""Written English as it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from digital_life.talking.spoken import chunks
from digital_life.talking.spoken.english_numbers import cardinal, ordinal

CASES = [
    ("Hello, world!", "Hello, world!"),
    ("I have 3 cats.", "I have three cats."),
    (
        "That is 1,234,567 people.",
        "That is one million two hundred and thirty-four thousand five hundred and sixty-seven people.",
    ),
    ("It is 3.14 today.", "It is three point one four today."),
    ("It fell by -5.5 points.", "It fell by minus five point five points."),
    (
        "Half is 1/2 and 3/4 and 2/3 and 1 1/2.",
        "Half is one half and three quarters and two thirds and one and a half.",
    ),
    ("½ cup and 1½ cups", "one half cup and one and a half cups"),
    ("Only 50% of 12.5%.", "Only fifty percent of twelve point five percent."),
    ("The 1st, 2nd, 3rd, 21st and 112th.", "The first, second, third, twenty-first and one hundred and twelfth."),
    (
        "1999, 2008, 1905, 2000 and 1900.",
        "nineteen ninety-nine, two thousand and eight, nineteen oh five, two thousand and nineteen hundred.",
    ),
    ("In the 1990s and the 80s.", "In the nineteen nineties and the eighties."),
    ("On 2026-11-21.", "On November twenty-first, twenty twenty-six."),
    ("On 11/21/2026.", "On November twenty-first, twenty twenty-six."),
    (
        "On 21/11/2026.",
        "On November twenty-first, twenty twenty-six.",
    ),
    ("On Nov 21, 2026.", "On November twenty-first, twenty twenty-six."),
    ("On November 3rd we met.", "On November third we met."),
    ("On 21 November 2026.", "On twenty-first of November twenty twenty-six."),
    ("In Dec. 2025.", "In December twenty twenty-five."),
    ("At 10:30.", "At ten thirty."),
    ("At 10:30 pm.", "At ten thirty p.m."),
    ("At 10:05 a.m. we go.", "At ten oh five a.m. we go."),
    ("At 9:00.", "At nine o'clock."),
    ("At 22:05:10.", "At twenty-two oh five and ten seconds."),
    ("At 00:00.", "At midnight."),
    ("At 5pm.", "At five p.m."),
    ("Take 3-5 pills.", "Take three to five pills."),
    ("From 2019–2021.", "From twenty nineteen to twenty twenty-one."),
    ("It costs $5.50.", "It costs five dollars and fifty cents."),
    ("It costs $5.", "It costs five dollars."),
    ("It costs $1.", "It costs one dollar."),
    ("It costs $0.99.", "It costs ninety-nine cents."),
    ("It costs £3 or €20.", "It costs three pounds or twenty euros."),
    ("It costs ¥100.", "It costs one hundred yuan."),
    ("It costs $2.5 million.", "It costs two point five million dollars."),
    ("It costs $3B.", "It costs three billion dollars."),
    ("100 USD.", "one hundred dollars."),
    ("It is 5 km away.", "It is five kilometers away."),
    ("It is 1 km away.", "It is one kilometer away."),
    ("20°C or 68°F.", "twenty degrees Celsius or sixty-eight degrees Fahrenheit."),
    ("-5°C outside.", "minus five degrees Celsius outside."),
    ("3 kg and 60 mph.", "three kilograms and sixty miles per hour."),
    ("100 Mbps and 5 GB.", "one hundred megabits per second and five gigabytes."),
    ("20 m² and 80 km/h.", "twenty square meters and eighty kilometers per hour."),
    ("A 90° turn.", "A ninety degrees turn."),
    ("Call 555-123-4567.", "Call five five five, one two three, four five six seven."),
    ("Call +1 (555) 123-4567.", "Call plus one, five five five, one two three, four five six seven."),
    ("Call 13812345678.", "Call one three eight one two three four five six seven eight."),
    ("Call 555-1234.", "Call five five five, one two three four."),
    ("Salt & pepper.", "Salt and pepper."),
    ("2 + 2 = 4.", "two plus two equals four."),
    ("5 - 3 = 2.", "five minus three equals two."),
    ("6 × 7 and 8 ÷ 2.", "six times seven and eight divided by two."),
    ("x < y and y > z.", "x is less than y and y is greater than z."),
    ("A → B.", "A to B."),
    ("It is ≈ 10.", "It is approximately ten."),
    ("~5 minutes.", "about five minutes."),
    ("Ask @alice.", "Ask at alice."),
    ("It is #1.", "It is number one."),
    ("#python is fun.", "hashtag python is fun."),
    ("and/or", "and or"),
    ("Dr. Smith and Mr. Brown.", "Doctor Smith and Mister Brown."),
    ("Fruit, e.g. apples, i.e. food, etc.", "Fruit, for example apples, that is food, et cetera."),
    ("Apples, etc. are good.", "Apples, et cetera are good."),
    ("Cats vs. dogs.", "Cats versus dogs."),
    ("No. 5 is alive.", "number five is alive."),
    ("See Fig. 3 on p. 12.", "See figure three on page twelve."),
    ("World War II and Henry VIII.", "World War two and Henry the eighth."),
    ("Visit https://www.example.com/docs.", "Visit example dot com slash docs."),
    ("Visit example.com now.", "Visit example dot com now."),
    ("Mail bob.smith@example.org.", "Mail bob dot smith at example dot org."),
    ("Use v1.2.3.", "Use version one point two point three."),
    ("Use Python 3.11.2.", "Use Python three point eleven point two."),
    ("It was 3:2.", "It was three to two."),
    ("A 16:9 screen.", "A sixteen to nine screen."),
    ("GPT-4 and MP3 and COVID-19.", "GPT four and MP three and COVID nineteen."),
    ("Agent 007.", "Agent zero zero seven."),
    ("Open 24/7.", "Open twenty-four seven."),
    ("**Bold** and *italic* and `code`.", "Bold and italic and code."),
    ("# Title", "Title"),
    ("- an item", "an item"),
    ("1. First", "one. First"),
    ("[the label](https://example.com/x)", "the label"),
    ("Look: ```print(1)```", "Look:"),
    ("I am happy 😀👍🏽!", "I am happy!"),
    ("Hi :) (^_^) <3", "Hi"),
    ("¯\\_(ツ)_/¯ who knows", "who knows"),
    ("a snake_case name", "a snake case name"),
    ("| a | b |", "a, b,"),
    ("|---|---|", ""),
    ("1920x1080 pixels", "nineteen twenty by one thousand and eighty pixels"),
    ("2^10 is 2**10", "two to the power of ten is two to the power of ten"),
    ("Wait... what?", "Wait, what?"),
    ("He said “go” (now).", "He said go, now."),
    ("２０２６ ｗｉｄｅ", "twenty twenty-six wide"),
    (
        "12345678901234567890",
        "one two three four five six seven eight nine zero one two three four five six seven eight nine zero",
    ),
    ("The U.S. and the U.K. agree.", "The US and the UK agree."),
    ("5'10\" tall", "five feet ten tall"),
    ("It's Bob's well-known dog.", "It's Bob's well-known dog."),
    ("x² + y²", "x squared plus y squared"),
    ("3*4 is 12", "three times four is twelve"),
    ("AT&T", "AT and T"),
    ("$1,234.56", "one thousand two hundred and thirty-four dollars and fifty-six cents"),
    ("1,500 km in 1500 s", "one thousand five hundred kilometers in one thousand five hundred seconds"),
    ("10 p.m.", "ten p.m."),
    (".5 and 0.05", "point five and zero point zero five"),
    ("café naïve", "café naïve"),
    (
        "Temperature: 21.5 °C, humidity: 40 %.",
        "Temperature: twenty-one point five degrees Celsius, humidity: forty percent.",
    ),
    ("10–20% off", "ten to twenty percent off"),
    ("$5-10 each", "five to ten dollars each"),
    ("C++ and C#", "C plus plus and C sharp"),
    ("Windows 11", "Windows eleven"),
    ("a 5-km run", "a five kilometer run"),
    ("Meet at 7:00 pm on 3/4.", "Meet at seven p.m. on three quarters."),
    ("100%!", "one hundred percent!"),
    ("<think>hm</think> ok", "hm ok"),
    ("Q&A", "Q and A"),
    ("Nov. 3", "November third"),
    ("May 5th, 2024", "May fifth, twenty twenty-four"),
    ("It took 2 h 30 min.", "It took two hours thirty minutes."),
    ("30s later", "thirty seconds later"),
]


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_english_is_said_in_words(written: str, spoken: str) -> None:
    assert "".join(chunk.spoken for chunk in chunks(written, main="en")) == spoken


@given(st.integers(0, 10**15 - 1))
def test_english_numbers_are_those_of_num2words(number: int) -> None:
    expected = num2words(number).replace(",", "")
    assert cardinal(str(number)) == expected


@given(st.integers(0, 10**6))
def test_english_ordinals_are_those_of_num2words(number: int) -> None:
    assert ordinal(str(number)) == num2words(number, to="ordinal").replace(",", "")
