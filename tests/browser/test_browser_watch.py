"""The watch over the other tests' pages does see what it must not let pass."""

from __future__ import annotations

import pytest

PROVOKED = {
    "() => { new Image().src = 'http://example.com/dot.png'; }": "content policy",
    "() => { console.warn('careful'); }": "console warning: careful",
    "() => { setTimeout(() => { throw new Error('broken'); }); }": "page error: broken",
    "() => { Promise.reject(new Error('dropped')); }": "page error: dropped",
    "() => fetch('/nowhere').then(() => 0)": "answer 404",
    "() => { document.body.setAttribute('onclick', '0'); document.body.click(); }": "content policy",
    "() => { alert('stop'); confirm('sure?'); prompt('who?'); }": "dialog prompt: who?",
    "() => fetch('http://127.0.0.1:9/').catch(() => 0)": "content policy",
}


@pytest.fixture(scope="module")
def watched(visits):
    page = visits()
    yield page
    visits.leave()


@pytest.mark.parametrize(("act", "noted"), PROVOKED.items())
def test_it_sees(visits, watched, act, noted):
    watched.evaluate(act)
    watched.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))")
    found = visits.problems()
    assert any(noted in problem for problem in found), found


def test_no_page_prints_by_itself_nor_waits_on_being_left(visits):
    page = visits()
    page.evaluate("print(); addEventListener('beforeunload', (event) => event.preventDefault())")
    assert page.evaluate("printed") == 1
    assert page.pdf().startswith(b"%PDF")
    page.locator("#map-title").click()  # a browser asks only where somebody has done something
    page.goto("about:blank")
    assert [problem for problem in visits.problems() if problem.startswith("dialog beforeunload")]


def test_no_other_host_can_be_reached(visits):
    page = visits.blank()
    page.set_content(
        "<img src='http://example.com/dot.png'><img src='http://192.0.2.1/dot.png'><script src='https://cdn.plot.ly/x.js'></script>"
    )
    found = visits.problems()
    for host in ("http://example.com", "http://192.0.2.1", "https://cdn.plot.ly"):
        assert any(problem.startswith(f"outside request: GET {host}") for problem in found), found
        assert any(
            problem.startswith(f"failed request: {host}") and "ERR_NAME_NOT_RESOLVED" in problem for problem in found
        ), found


def test_allowing_ends_with_the_test(visits, watched):
    visits.allow("careful")
    watched.evaluate("() => { console.warn('careful'); console.warn('careless'); }")
    assert visits.problems() == ["console warning: careless"]
    watched.evaluate("() => { console.warn('careful'); }")
    assert visits.problems() == ["console warning: careful"]
