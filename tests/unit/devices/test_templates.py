from __future__ import annotations

import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.devices import templates

SOON_S = 0.05
"""No template may hold up the sound for longer; of this process, as others may be at work too."""
LARGE = json.dumps(
    {"list": list(range(templates.ITEMS)), "text": "x" * 4_000, "deep": {"a": [{"b": 1}] * 400}}
).encode()

READINGS = [
    ("{{ value_json.temperature }}", b'{"temperature": 21.5}', "21.5"),
    ("{{ value_json['AM2301'].Temperature }}", b'{"AM2301": {"Temperature": 17}}', "17"),
    ('{{ value_json["contact"] }}', b'{"contact": true}', "True"),
    ("{{value_json.Color.split(',')[0:3]|join(',')}}", b'{"Color": "1,2,3,4,5"}', "1,2,3"),
    ("{% if value_json.moving %}UP{% else %}STOP{% endif %}", b"{}", "STOP"),
    ("{{ value_json.x | default('none') }}", b"{}", "none"),
    ("{% set names = {0: 'off', 1: 'on'} %}{{ names[value | int] }}", b"1", "on"),
    ("{{ (value | float * 2.55) | round | int }}", b"50", "127"),
    ("{{ value | float(0) / 10 }}", b"215", "21.5"),
    ("{{ 'on' if is_number(value) and value | int > 3 else 'off' }}", b"4", "on"),
    ("{{ '%.1f' | format(value_json.v) }}", b'{"v": 2.25}', "2.2"),
    ("{{ value ~ '/' ~ 1 }}", b"a", "a/1"),
    ("{{ value_json.a is defined and 'b' in value_json }}", b'{"a": 1, "b": 2}', "True"),
    ("{{ iif(value == 'ON', 'open', 'closed') }}", b"ON", "open"),
    ("{{ {'level': value | int} | to_json }}", b"7", '{"level": 7}'),
    ("{{ (value | from_json).a }}", b'{"a": 3}', "3"),
    ("{{ value | replace(',', '.') | upper | trim }}", b" 1,5a ", "1.5A"),
    ("{{ value_json | length }}/{{ value_json | sum }}/{{ value_json | max }}", b"[1, 2, 3]", "3/6.0/3"),
    ("{{ none }}", b"", "None"),
    ("", b"as it is", "as it is"),
]


@pytest.mark.parametrize(("source", "message", "said"), READINGS)
def test_a_template_reads_what_devices_tell(source: str, message: bytes, said: str) -> None:
    assert not templates.refused(source)
    assert templates.told(source, message) == said


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ value_json.temperature }}", b'{"humidity": 3}'),
        ("{{ value_json.a.b }}", b"{}"),
        ("{{ value_json.a }}", b"not json"),
        ("{{ value_json }}", b'{"a": 1}'),
        ("{{ value | float }}", b"unknown"),
        ("{{ states('sensor.outside') }}", b"1"),
        ("{{ now().hour }}", b"1"),
        ("{{ 1 / (value | int) }}", b"0"),
        ("{{ value }}", b"\xff"),
        ("{{ '\\ud800' }}", b""),
        ("{{ value }}", b"x" * (templates.TOLD + 1)),
    ],
)
def test_what_does_not_show_is_not_known(source: str, message: bytes) -> None:
    assert templates.told(source, message) is None


@pytest.mark.parametrize(
    "source",
    [
        "{{ value.__class__ }}",
        "{{ value.__class__.__mro__[1].__subclasses__() }}",
        "{{ self }}",
        "{% for a in value_json %}{{ a }}{% endfor %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% include 'a' %}",
        "{% import 'os' as os %}",
        "{% extends 'a' %}",
        "{% block a %}{% endblock %}",
        "{% set a %}x{% endset %}",
        "{% filter upper %}a{% endfilter %}",
        "{% call a() %}{% endcall %}",
        "{{ 10 ** 10 }}",
        "{{ f(*value_json) }}",
        "{{ f(**value_json) }}",
        "{% set a = [value] %}{% set b = [a, a] %}",
        "{% set a, b = 1, 2 %}",
        "{% set value_json.x = 1 %}",
        "{{ unclosed",
        "{{" + "(" * 1_400 + "1" + ")" * 1_400 + "}}",
        "{{ a }}" * 1_000,
    ],
)
def test_a_template_that_could_do_harm_is_refused(source: str) -> None:
    assert templates.refused(source)
    assert templates.render(source, value="x", value_json=[1, 2]) is None


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''['__class__'] }}",
        "{{ value|attr('__class__') }}",
        "{{ value|regex_replace('(a+)+$', '') }}",
        "{{ value['__class__']['__mro__'] }}",
        "{{ value_json.items['__self__'] }}",
        "{{ 'x' * 10000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 'x'.center(1000000000) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ '%(a)s' % {'a': 1} }}",
        "{{ value.replace('', value_json.text) }}",
        "{{ value_json.text | replace('x', value_json.text) }}",
        "{{ value_json.text | join(value_json.text) }}",
        "{{ value_json.text.join(value_json.list) }}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a + a %}" * 100 + "{{ a }}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 100 + "{{ a }}",
        "{% set a = value_json.list %}" + "{% set a = a + a %}" * 100 + "{{ a | length }}",
        "{% set a = 99999999 %}" + "{% set a = a * a %}" * 100 + "{{ a }}",
        "{{ value_json.text }}" * 100,
        "{{ 'x'.encode('utf-8') }}",
        "{{ value_json.update({'a': 1}) }}",
        "{{ value_json.list.append(1) }}",
        "{{ range(1000000000) | length }}",
        "{{ lipsum(1000) }}",
        "{{ cycler.__init__ }}",
        "{{ dict(a=1) }}",
        "{{ value_json.text | int(0, 36) }}",
    ],
)
def test_a_bomb_goes_off_as_nothing(source: str) -> None:
    before = time.process_time()
    assert templates.told(source, LARGE) is None
    assert time.process_time() - before < SOON_S


@pytest.mark.parametrize(
    "expression",
    [
        "value_json == value_json",
        "value_json | to_json",
        "value_json.list | sum",
        "value_json.list | join",
        "value_json.text | upper | lower | title",
        "value_json.text.split('x') | length",
        "'y' in value",
        "value_json.text | replace('x', 'y')",
        "value_json.text ~ ''",
        "(value | from_json).text",
    ],
)
def test_the_longest_template_is_soon_done(expression: str) -> None:
    source = "{% if " + expression + " %}{% endif %}"
    source *= templates.LONGEST // len(source)
    templates.told(source, b"{}")  # It is compiled once.
    before = time.process_time()
    templates.told(source, LARGE)
    assert time.process_time() - before < SOON_S


@given(st.text(alphabet=string.printable + "{}%|'\"温度", max_size=120), st.binary(max_size=60))
def test_no_text_is_a_template_that_raises(source: str, message: bytes) -> None:
    templates.refused(source)
    templates.told("{{ " + source + " }}", message)
    said = templates.told(source, message)
    assert said is None or len(said) <= templates.TOLD


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("21.5", 21.5), (" -3 ", -3.0), ("1e3", 1000.0), (".5", 0.5), (7, 7.0), ("nan", None), ("inf", None),
        ("", None), ("1_0", None), ("9" * 400, None), ("1e308", None), ("1e999", None), (True, None), (None, None),
        (10**400, None), ([], None),
    ],
)  # fmt: skip
def test_a_number_is_one_that_is_finite(text: object, number: float | None) -> None:
    assert templates.number(text) == number
