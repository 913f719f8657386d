"""A page is whole, calm and honest: only our own outputs, one order of headings, the answer first, the same bytes twice."""

import json
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import nbformat.v4 as v4
import pytest
from report_worlds import FIXTURE, STEP, STEPS, make_icp, make_market, make_notebook, make_report

from icp_helpers.page import catalogue, report
from icp_helpers.page.actions import what_to_do, what_to_stop
from icp_helpers.page.clean import clean_output
from icp_helpers.page.face_shapes import face_picture
from icp_helpers.page.numbers import Words
from icp_helpers.page.pages import front_page, unit_page
from icp_helpers.page.report import export
from icp_helpers.page.say import Finding, strongest_first
from icp_helpers.page.show import TALL, figure_html
from icp_helpers.page.steps import MAIN, QUESTIONS

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"


class Outline(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.text, self._quiet = [], "", False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._quiet = tag == "style"

    def handle_endtag(self, tag):
        self._quiet = False

    def handle_data(self, data):
        self.text += "" if self._quiet else data

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def step_page() -> str:
    market = make_market()
    return export(make_notebook(market)[0], market=market, step=FIXTURE, previous=STEPS[0], next=STEPS[2])


@pytest.fixture(scope="module")
def first_page() -> str:
    market = make_market()
    return unit_page(make_report(market, make_notebook(market)[1], make_icp()))


def test_a_page_is_one_file_with_a_policy_and_no_script(step_page, first_page):
    for page in (step_page, first_page):
        outline = Outline(page)
        assert outline.all("html") == [{"lang": "en"}]
        assert POLICY in [meta.get("content") for meta in outline.all("meta")]
        assert not {"script", "link", "iframe", "object", "embed", "form"} & {tag for tag, _attributes in outline.tags}
        assert all(picture["src"].startswith("data:image/") for picture in outline.all("img"))
        assert len(page.encode()) < 1_500_000


def test_every_figure_has_alt_text_and_caption_and_every_table_scoped_headers(step_page):
    outline = Outline(step_page)
    assert [picture["alt"] for picture in outline.all("img")] == ["Dot chart; Construction is the highest."]
    assert len(outline.all("figcaption")) == len(outline.all("figure")) == 1
    assert len(outline.all("caption")) == len(outline.all("table")) == 1
    assert all(header["scope"] == "col" for header in outline.all("th"))


def test_a_wide_picture_can_be_moved_and_a_tall_one_is_known_for_the_sheet(step_page):
    assert re.search(r'<div class="scroll" role="region" tabindex="0" aria-label="[^"]+"><figure id="effects">', step_page)
    figure = catalogue.Figure(caption="Caption", alt="Alt text")
    tall, low = (clean_output(figure_html(plt.figure(figsize=(7, height)), "x", figure, {}, Words("en"), STEP)[0]) for height in (TALL + 1, TALL))
    assert '<figure id="x" class="tall">' in tall and "tall" not in low


def test_the_answer_stands_before_the_first_question(step_page):
    assert [re.sub("<.*?>", "", heading) for heading in re.findall(r"<h[12].*?</h[12]>", step_page)][:3] == [
        "Which traits set them apart?", "In short", "Which trait matters most?"]


def test_code_tables_of_files_and_row_ids_are_not_for_readers(step_page):
    text = Outline(step_page).text
    assert "secret_variable" not in text and "Reads" not in text and "A-DAT19" not in text and "¶" not in text


NOISE = {
    "stderr": v4.new_output("stream", name="stderr", text="FutureWarning: canary"),
    "stdout": v4.new_output("stream", name="stdout", text="canary"),
    "plain": v4.new_output("execute_result", data={"text/plain": "canary"}, execution_count=1),
    "foreign html": v4.new_output("display_data", data={"text/html": "<p>canary</p>"}),
    "foreign result": v4.new_output("execute_result", data={"text/html": "<p>canary</p>"}, execution_count=1),
    "foreign record": v4.new_output("display_data", data={"text/html": "<p>canary</p>"}, metadata={"icp": {"else": 1}}),
    "picture": v4.new_output("display_data", data={"image/svg+xml": "<svg>canary</svg>"}),
}


@pytest.mark.parametrize("kind", NOISE)
def test_what_is_not_ours_never_reaches_a_reader(kind):
    market = make_market()
    assert "canary" not in export(make_notebook(market, outputs=[NOISE[kind]])[0], market=market, step=FIXTURE)


def test_raw_cells_are_not_printed():
    market = make_market()
    notebook, _findings = make_notebook(market)
    notebook.cells.append(v4.new_raw_cell("<p>canary</p>", id="raw"))
    assert "canary" not in export(notebook, market=market, step=FIXTURE)


def test_an_unfinished_or_failed_notebook_makes_no_report():
    market = make_market()
    notebook, _findings = make_notebook(market)
    notebook.cells[3].execution_count = None
    with pytest.raises(ValueError, match="'fig-effect' did not run"):
        export(notebook, market=market, step=FIXTURE)
    failed = v4.new_output("error", ename="KeyError", evalue="x", traceback=["canary"])
    with pytest.raises(ValueError, match="'extra' failed"):
        export(make_notebook(market, outputs=[failed])[0], market=market, step=FIXTURE)


@pytest.mark.parametrize("wrong", ["#### Too deep", "# A second title"])
def test_headings_out_of_order_are_refused(wrong):
    market = make_market()
    notebook, _findings = make_notebook(market)
    notebook.cells[2].source = wrong
    with pytest.raises(ValueError, match="headings"):
        export(notebook, market=market, step=FIXTURE)


def test_the_same_notebook_gives_the_same_bytes(step_page, first_page):
    market = make_market()
    notebook, findings = make_notebook(market)
    before = json.dumps(notebook)
    assert export(notebook, market=market, step=FIXTURE, previous=STEPS[0], next=STEPS[2]) == step_page
    assert json.dumps(notebook) == before, "the caller's notebook stays as it was"
    assert unit_page(make_report(market, findings, make_icp())) == first_page


def test_prose_is_translated_at_export(tmp_path, monkeypatch):
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "common.po").write_bytes((catalogue.LOCALE / "da" / "LC_MESSAGES" / "common.po").read_bytes())
    (folder / f"{FIXTURE}.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
                                          'msgid "Next, what occurs together."\nmsgstr "Dernæst: hvad der optræder sammen."\n')
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    catalogue.translations.cache_clear()
    market = make_market(language="da")
    page = export(make_notebook(market)[0], market=market, step=FIXTURE)
    catalogue.translations.cache_clear()
    assert "Dernæst: hvad der optræder sammen." in page and "Kort sagt" in page and '<html lang="da">' in page


def test_ten_questions_are_answered_within_two_clicks(first_page):
    """Each stands on the first page with a sentence; where evidence lies elsewhere, one click leads to the finding itself."""
    market = make_market()
    step = export(make_notebook(market)[0], market=market, step=FIXTURE)
    outline = Outline(first_page)
    ids = {attributes.get("id") for _tag, attributes in outline.tags}
    assert {f"question-{question.id}" for question in QUESTIONS} <= ids and len(QUESTIONS) == 10
    questions = first_page.partition('<section id="questions">')[2].partition("</section>")[0]
    answers = re.findall(r"<dd.*?>(.*?)</dd>", questions, re.DOTALL)
    assert all(len(re.sub("<.*?>", "", answer)) > 15 for answer in answers) and len(answers) == 10
    targets = [link["href"] for link in outline.all("a") if link["href"].startswith(STEP) and "#" in link["href"]]
    assert targets and all(f'id="{target.partition("#")[2]}"' in step for target in targets)
    assert {link["href"].partition("#")[0] for link in outline.all("a")} <= {f"{step}.html" for step in STEPS} | {"../index.html"}


@pytest.mark.parametrize(("status", "says"), [
    ("found", "61% of these customers are ideal"), ("none", "No ideal profile found"), ("too_few", "Too few customers"),
    ("hypothesis", "No customers yet"), (None, "No profile has been made"),
])
def test_the_first_page_opens_with_the_answer_whatever_it_is(status, says):
    market = make_market()
    page = unit_page(make_report(market, make_notebook(market)[1], make_icp(status=status) if status else None))
    assert says in re.search(r'<p class="lead"[^>]*>(.*?)</p>', page)[1]
    assert ("evidence" in re.findall(r'<figure id="(.*?)"', page)) == (status == "found")


def test_the_picture_shows_what_the_numbers_say(first_page):
    dot, base = (float(re.search(rf'class="{name}" style="left:([\d.]+)%', first_page)[1]) for name in ("dot", "base"))
    assert dot / base == pytest.approx(0.61 / 0.21, rel=0.01)
    assert 'aria-label="Industry is construction and' in first_page


def test_a_failed_unit_says_what_failed_and_keeps_the_way_to_its_last_report():
    market = make_market()
    failed = make_report(market, [], None, failure="Column 'employees' is missing. Map it under columns:.")
    row = front_page([failed])
    assert "Drivers failed: Column &#39;employees&#39; is missing." in row and 'href="nordlys-dk/index.html"' in row
    page = unit_page(failed)
    assert "This run failed" in page and 'class="lead"' not in page


def test_the_front_page_is_danish_only_where_all_units_are():
    danish, english = (make_report(make_market(language=language), [], make_icp()) for language in ("da", "en"))
    assert '<html lang="da">' in front_page([danish, danish])
    mixed = front_page([danish, english])
    assert '<html lang="en">' in mixed and 'lang="da"' in mixed
    assert "No market has been run yet" in front_page([])


def test_the_refusal_of_unfinished_notebooks_is_what_holds_them_back(monkeypatch):
    market = make_market()
    notebook, _findings = make_notebook(market)
    notebook.cells[3].execution_count = None
    monkeypatch.setattr(report, "refuse_unfinished", lambda notebook: None)
    assert export(notebook, market=market, step=FIXTURE), "without the guard an unfinished notebook would become a page"


def test_a_column_of_points_has_its_unit_in_the_header(step_page):
    assert ">Effect, percentage points</th>" in step_page and '<td class="number">17</td>' in step_page


def test_a_question_is_answered_by_its_best_finding_and_by_what_is_not_supplied_only_where_nothing_else_is():
    market = make_market()
    first, second = (step for step, _name in next(question for question in QUESTIONS if question.id == "which-channel").findings[:2])
    reach = {"id": "channel:p1-1", "step": first, "status": "up", "sentence": "By a partner.", "facts": {}}
    cost = {"id": "channels_fit", "step": second, "status": "found", "sentence": "By fairs.", "facts": {}}
    absent = reach | {"id": "channel", "status": "not_supplied", "sentence": "Touchpoints are missing."}
    other = reach | {"id": "portrait", "sentence": "Not about channels."}
    for findings, says in (([cost, reach], "By a partner."), ([absent, cost], "By fairs."), ([absent], "Touchpoints are missing."),
                           ([other], "Not supplied")):
        page = unit_page(make_report(market, findings, make_icp()))
        assert says in re.search(r'id="question-which-channel".*?</dd>', page, re.DOTALL)[0]


def test_the_persona_has_the_face_of_her_profile_and_what_was_found_about_her(first_page):
    card = first_page.partition('<section id="persona"')[2].partition("</section>")[0]
    assert face_picture("nordlys-dk p1") in card and face_picture("nordlys-dk p2") not in card
    assert "Construction stands for 148 customers" in card and "through: Construction" in card and "What hurts" in card


def test_the_key_figures_are_those_of_the_profile_or_of_all_where_there_is_none():
    market = make_market()
    findings = make_notebook(market)[1]
    compared = unit_page(make_report(market, findings, make_icp()))
    plain = unit_page(make_report(market, [f for f in findings if not f["id"].startswith("profile_gap")], make_icp(status="none")))
    assert "In the profile" in compared and "EUR 741" in compared and 'class="mark up"' in compared
    assert "In the profile" not in plain and "1% to Construction" in plain


@pytest.mark.parametrize(("status", "told"), [("unclear", True), ("found", True), ("info", False)])
def test_key_figures_that_wait_for_their_day_are_named_below_the_others(status, told):
    market = make_market()
    waiting = {"id": "waiting", "step": "11_evaluate_kpis", "status": status, "sentence": "Too early: churn (from Monday).", "facts": {}}
    for others in (make_notebook(market)[1], []):
        page = unit_page(make_report(market, [*others, waiting], make_icp()))
        section = page.partition('<section id="key-figures"')[2].partition("</section>")[0]
        assert ("Too early: churn (from Monday)." in section) == told and ("<table>" in section) == bool(others)


ACTIONS = [
    ("ranked_found", "10_activate_profile", "found", "Sixty are worth it."), ("effort", "10_activate_profile", "down", "It is not worth it."),
    ("proposal", "12_review_profile", "found", "Stop relying on the profile."), ("proposal", "12_review_profile", "up", None),
]


@pytest.mark.parametrize(("id", "step", "status", "says"), ACTIONS)
def test_what_a_step_claims_comes_before_what_always_holds(id, step, status, says):
    finding = {"id": id, "step": step, "status": status, "sentence": says or "Keep it.", "facts": {}}
    actions = what_to_do(make_report(make_market(), [finding], make_icp()))
    assert (says in actions) == (says is not None) and "Keep it." not in actions and len(actions) <= 3
    stopped = says is not None and says.startswith("Stop")
    assert any("association, not cause" in action for action in actions) != stopped, "nobody is called by a profile that no longer holds"
    assert any("Call first" in action for action in actions) == (not stopped and id != "ranked_found")


@pytest.mark.parametrize("status", ["none", "too_few", "hypothesis", None])
def test_without_a_profile_nobody_is_called_first_and_the_page_says_what_to_do_all_the_same(status):
    report = make_report(make_market(), [], make_icp(status=status) if status else None)
    assert what_to_do(report) and what_to_stop(report)
    assert not any("Call first" in action for action in what_to_do(report))


def finding(id: str, status: str, step: str = "04_find_segments") -> dict:
    return {"id": id, "step": step, "status": status, "sentence": f"{id}.", "message": "", "facts": {}}


@pytest.mark.parametrize(("status", "first"), [("too_few", "groups"), ("none", "groups"), ("found", "stability")])
def test_a_step_without_an_answer_says_so_and_nothing_trivial_instead(status, first):
    """"Too few customers to look for groups" is truer than "no number of groups passed", and than what was found besides."""
    found = [finding("loaded", "info"), finding("stability", "up" if status == "found" else "none"), finding("left", "found"), finding("groups", status)]
    assert make_report(make_market(), found, None).of_step("04_find_segments")[0]["id"] == first
    told = [one.id for one in strongest_first([Finding(**one) for one in found])]
    assert told == (["stability", "left", "groups"] if status == "found" else ["groups", "left"])


def test_the_finding_that_says_whether_a_step_has_an_answer_is_one_of_its_sentences():
    for step, name in MAIN.items():
        assert {"none", "too_few"} & set(catalogue.load_catalogue(step, "en").sentences[name].branches()), step
