"""The scan for personal data sees through every wrapping that a report or a list may use; and our pages hold none."""

import base64
import gzip
import io
import json
import zipfile

import matplotlib.pyplot as plt
import nbformat.v4 as v4
import pytest
import xlsxwriter
from leaks import leaks
from report_worlds import FIXTURE, make_icp, make_market, make_notebook, make_report

from icp_helpers.page.pages import unit_page
from icp_helpers.page.report import export

CANARIES = ("Kanariefugl Æbeltoft", "kanarie@fugl.dk", "+45 11 22 33 44", "010190-1234", "K-00417", "hemmeligt-kodeord")
NAME = CANARIES[0]


def picture(kind: str) -> bytes:
    """A drawing with the name as a tick label, as matplotlib writes it."""
    drawing, axes = plt.subplots(figsize=(2, 1))
    axes.set_xticks([0.5], [NAME])
    buffer = io.BytesIO()
    drawing.savefig(buffer, format=kind, metadata={"Title": NAME} if kind == "png" else None)
    plt.close(drawing)
    return buffer.getvalue()


def workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write_string(0, 0, NAME)
    return buffer.getvalue()


def archive(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner", content)
    return buffer.getvalue()


WRAPPED = {
    "plain": lambda: f"<p>{NAME}</p>".encode(),
    "other case": lambda: NAME.upper().encode(),
    "html": lambda: b"Kanariefugl &AElig;beltoft",
    "html number": lambda: b"Kanariefugl &#198;beltoft",
    "url": lambda: b"?q=Kanariefugl%20%C3%86beltoft",
    "json": lambda: json.dumps({"name": NAME}).encode(),
    "hard space": lambda: NAME.replace(" ", "\u00a0").encode(),
    "base64": lambda: b"data:text/plain;base64," + base64.b64encode(f"to {NAME}, Aarhus".encode()),
    "svg comment": lambda: picture("svg"),
    "svg in a page": lambda: b"<img src='data:image/svg+xml;base64," + base64.b64encode(picture("svg")) + b"'>",
    "png text": lambda: picture("png"),
    "png in a page": lambda: b"<img src='data:image/png;base64," + base64.b64encode(picture("png")) + b"'>",
    "xlsx": workbook,
    "gzip": lambda: gzip.compress(NAME.encode()),
    "png in a zip": lambda: archive(picture("png")),
}


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_the_scan_sees_through(wrapping, tmp_path):
    path = tmp_path / "shared"
    path.write_bytes(WRAPPED[wrapping]())
    assert leaks([path], CANARIES) == [("shared", NAME)]


def test_an_id_that_a_digest_holds_by_chance_is_no_leak(tmp_path):
    (tmp_path / "digest").write_text("65c00999 c00999ab")
    (tmp_path / "shared").write_text('<td>C00999</td> ?id=%20c00999')
    assert leaks(sorted(tmp_path.iterdir()), ["C00999"]) == [("shared", "C00999")]


def test_our_pages_hold_nothing_of_those_who_stand_in_other_outputs(tmp_path):
    """Frames shown bare, printed ids, warnings with addresses: what an author forgets in a cell stays in the cell."""
    market, text = make_market(), " ".join(CANARIES)
    outputs = [v4.new_output("stream", name="stdout", text=text), v4.new_output("stream", name="stderr", text=text),
               v4.new_output("execute_result", data={"text/html": f"<table><tr><td>{text}</td></tr></table>", "text/plain": text},
                             execution_count=1),
               v4.new_output("display_data", data={"image/png": base64.b64encode(picture("png")).decode()})]
    notebook, findings = make_notebook(market, outputs=outputs)
    notebook.cells[1].source = f"password = '{CANARIES[-1]}'"
    notebook.metadata["papermill"] = {"parameters": {"market": text}, "output_path": text}
    for name, page in {"step": export(notebook, market=market, step=FIXTURE),
                       "unit": unit_page(make_report(market, findings, make_icp()))}.items():
        (tmp_path / f"{name}.html").write_text(page)
    assert leaks(tmp_path.glob("*.html"), CANARIES) == []
