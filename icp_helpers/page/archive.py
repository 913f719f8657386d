"""Office files without the clock: the same content gives the same bytes, whenever it is written."""

import datetime as dt
import io
import re
import zipfile

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date that a zip archive can hold
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def undated(content: bytes, as_of: dt.date) -> bytes:
    """An xlsx, pptx or docx whose own dates are `as_of`; workbooks inside it (behind a chart) likewise."""
    made = io.BytesIO()
    day = as_of.strftime("%Y-%m-%dT00:00:00Z").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith(".xlsx"):
                data = undated(data, as_of)
            elif name.endswith("core.xml"):
                data = STAMP.sub(lambda found: found[1] + day + found[2], data)
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return made.getvalue()
