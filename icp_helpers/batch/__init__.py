"""The outermost room: the table of steps, the night run, and the commands."""

import sys

# jsonschema, which nbformat imports, imports this one for a format ("iri") that no notebook has. Without it, and it is
# optional there, a unit's process starts in a quarter of the time.
sys.modules.setdefault("rfc3987_syntax", None)
