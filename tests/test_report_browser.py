"""In a real Chromium: hostile data run nothing and ask for nothing, and axe-core finds nothing against any page."""

import base64
import re

import nbformat.v4 as v4
import pytest
from browsing import needs_axe
from report_worlds import FIXTURE, make_icp, make_market, make_notebook, make_report

from icp_helpers.page import report
from icp_helpers.page.pages import front_page, unit_page
from icp_helpers.page.report import export

FAR = "http://127.0.0.1:9/asked"
RUN = "window.pwned=1"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'><script>{RUN}</script><image href='{FAR}'/></svg>"
HOSTILE = {
    "script": f"<script>{RUN}</script>",
    "script far": f"<script src='{FAR}'></script>",
    "module": f"<script type='module'>{RUN}</script>",
    "split script": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "img onerror": f"<img src=x onerror={RUN}>",
    "img far": f"<img src='{FAR}'>",
    "img srcset": f"<img srcset='{FAR} 2x' src='data:image/png;base64,AA=='>",
    "svg onload": f"<svg onload={RUN}>",
    "svg script": f"<svg><script>{RUN}</script></svg>",
    "svg use": f"<svg><use href='{FAR}#a'/></svg>",
    "svg animate": f"<svg><a><animate attributeName=href values=javascript:{RUN} /><text>x</text></a></svg>",
    "svg foreignObject": f"<svg><foreignObject><iframe src='javascript:{RUN}'></iframe></foreignObject></svg>",
    "svg picture": f"<img src='data:image/svg+xml;base64,{base64.b64encode(SVG.encode()).decode()}'>",
    "html picture": f"<img src='data:text/html;base64,{base64.b64encode(f'<script>{RUN}</script>'.encode()).decode()}'>",
    "javascript link": f"<a href='javascript:{RUN}'>x</a>",
    "javascript link, hidden": f"<a href=' jav&#x09;ascript:{RUN}'>x</a>",
    "markdown link": f"[x](javascript:{RUN})",
    "data link": f"<a href='data:text/html,<script>{RUN}</script>'>x</a>",
    "iframe": f"<iframe src='{FAR}'></iframe>",
    "iframe srcdoc": f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    "object": f"<object data='{FAR}'></object>",
    "embed": f"<embed src='{FAR}'>",
    "form": f"<form action='{FAR}'><input autofocus onfocus={RUN}></form>",
    "details": f"<details open ontoggle={RUN}>x</details>",
    "style": f"<style>@import '{FAR}'; body{{background:url({FAR})}}</style>",
    "style attribute": f"<p style='background:url({FAR})'>x</p>",
    "link": f"<link rel=stylesheet href='{FAR}'><link rel=prefetch href='{FAR}'>",
    "meta refresh": f"<meta http-equiv=refresh content='0;url={FAR}'>",
    "base": f"<base href='{FAR}/'>",
    "video": f"<video src='{FAR}' autoplay onloadstart={RUN}></video>",
    "broken out": f"\"'></td></title></style></textarea>--><script>{RUN}</script><img src=x onerror={RUN}>",
}
MIMES = ("text/html", "text/markdown", "image/svg+xml", "text/vnd.mermaid", "application/javascript", "text/latex",
         "application/vnd.jupyter.widget-view+json")
ASK = """return {pwned: typeof window.pwned, scripts: document.scripts.length,
    links: [...document.querySelectorAll("[href],[src]")].filter(
        n => /^\\s*javascript:/i.test(n.href || n.src || "")).length,
    handlers: [...document.querySelectorAll("*")].filter(n => [...n.attributes].some(a => /^on/i.test(a.name))).length}"""
NOTHING = {"pwned": "undefined", "scripts": 0, "links": 0, "handlers": 0}


def hostile_outputs(text: str) -> list:
    """The text in every kind of output that a notebook can hold, and as one of ours."""
    ours = ({"finding": {"id": text}}, {"figure": {"id": text, "caption": text}}, {"table": {"id": text, "caption": text}}, {"answer": [text]})
    return [v4.new_output("display_data", data={mime: text}) for mime in MIMES] + [
        v4.new_output("stream", name=name, text=text) for name in ("stdout", "stderr")] + [
        v4.new_output("display_data", data={"text/html": text}, metadata={"icp": record}) for record in ours]


def hostile_pages(text: str) -> dict[str, str]:
    """Every page there is, with the text as the name of market, segment, trait, level, column, and as what failed."""
    market = make_market(name=text)
    notebook, findings = make_notebook(market, trait=text, outputs=hostile_outputs(text))
    notebook.cells.append(v4.new_markdown_cell(f"Read {text}", id="markdown"))
    good = make_report(market, findings, make_icp(industry=text, column=text), segment=text)
    failed = make_report(market, [], None, segment=text, failure=text)
    return {"step": export(notebook, market=market, step=FIXTURE, segment=text), "unit": unit_page(good),
            "failed": unit_page(failed), "front": front_page([good, failed])}


def faults(chromium, pages: dict[str, str], folder) -> list:
    """What ran or was asked for, page by page, with the policy and without it."""
    found = []
    for name, page in pages.items():
        for policy, text in (("policy", page), ("no policy", re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page))):
            path = folder / f"{name}.html"
            path.write_text(text, encoding="utf-8")
            chromium.open(path)
            state, asked = chromium.run(ASK), chromium.asked()
            found += [(name, policy, state, asked)] if state != NOTHING or asked else []
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_data_run_nothing_and_ask_for_nothing(chromium, kind, tmp_path):
    assert faults(chromium, hostile_pages(HOSTILE[kind]), tmp_path) == []


def test_without_the_allow_list_the_same_data_would_run(chromium, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "clean_output", lambda text: text)
    market = make_market()
    notebook, _findings = make_notebook(market, outputs=hostile_outputs(HOSTILE["img onerror"]))
    seen = faults(chromium, {"step": export(notebook, market=market, step=FIXTURE)}, tmp_path)
    assert any(policy == "no policy" and state["pwned"] != "undefined" for _page, policy, state, _asked in seen)
    assert all(state["pwned"] == "undefined" for _page, policy, state, _asked in seen if policy == "policy")


@pytest.mark.parametrize(("language", "width"), [("en", 1000), ("da", 390)])
def test_axe_finds_nothing_of_any_impact(chromium, tmp_path, language, width):
    needs_axe()
    market = make_market(language=language)
    notebook, findings = make_notebook(market)
    good, failed = make_report(market, findings, make_icp()), make_report(market, [], None, failure="Column 'x' is missing.")
    pages = {"step": export(notebook, market=market, step=FIXTURE, previous="01_collect_data"), "unit": unit_page(good),
             "none": unit_page(make_report(market, findings, make_icp(status="none"))), "failed": unit_page(failed),
             "front": front_page([good, failed])}
    chromium.resize(width)
    for name, page in pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(page, encoding="utf-8")
        assert chromium.violations(path) == [], name
        assert chromium.run("return document.documentElement.scrollWidth - window.innerWidth") <= 0, "wider than the screen"


def test_the_words_of_a_figure_can_be_read_on_a_telephone(chromium, tmp_path):
    """It keeps most of its size and is moved sideways inside the page; on a desk it is whole."""
    path = tmp_path / "step.html"
    path.write_text(export(make_notebook(make_market())[0], market=make_market(), step=FIXTURE), encoding="utf-8")
    shown = {}
    for width in (390, 1000):
        chromium.resize(width)
        chromium.open(path)
        shown[width] = chromium.run("const picture = document.querySelector('figure img'), room = picture.closest('.scroll');"
                                    "return [picture.width / picture.naturalWidth, room.scrollWidth - room.clientWidth]")
    assert shown[390][0] > 0.7 and shown[1000][1] <= 0


@pytest.mark.parametrize(("unit", "width"), [("signal", 1000), ("mirror", 390)])
def test_axe_finds_nothing_against_any_page_of_a_real_report(chromium, small_runs, unit, width):
    needs_axe()
    chromium.resize(width)
    found = {page.stem: chromium.violations(page) for page in sorted((small_runs.reports / unit).glob("*.html"))}
    assert len(found) == 13 and not {stem: what for stem, what in found.items() if what}
    assert chromium.violations(small_runs.reports / "index.html") == []
    for page in sorted((small_runs.reports / unit).glob("*.html")):
        chromium.open(page)
        assert chromium.run("return document.documentElement.scrollWidth - window.innerWidth") <= 0, page.stem
