"""A notebook's parameters, held against its parameters cell before the first cell runs.

papermill only warns of a mistyped name and reports the default market; it injects any type; and it pastes names as code.
"""

import ast

from icp_helpers.tables.errors import ParameterError


def declared_parameters(notebook, name: str) -> dict:
    """The names and default values of the one cell tagged `parameters`. ParameterError where that cell is not so."""
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise _wrong(name, f"{len(cells)} cells tagged 'parameters'", "Tag exactly one code cell.")
    declared = {}
    try:
        for line in ast.parse(cells[0].source).body:
            (target,) = line.targets
            declared[target.id] = ast.literal_eval(line.value)
    except (SyntaxError, AttributeError, ValueError) as error:
        raise _wrong(name, f"{type(error).__name__} in cell '{cells[0].get('id', '')}'",
                     "Write nothing there but lines such as: market = \"nordlys-dk\".") from error
    return declared


def check_parameters(declared: dict, given: dict, name: str) -> None:
    """ParameterError unless each given parameter is declared, and is of the same type as its default."""
    for key, value in given.items():
        if key not in declared:
            raise ParameterError(f"Parameter {key!r} is unknown to the notebook", where=f"notebook {name}",
                                 found=", ".join(declared) or "no parameter", remedy="Correct the name, or declare it there.")
        default = declared[key]
        fits = type(value) is type(default) or (type(default) is float and type(value) is int)
        if default is not None and not fits:
            raise ParameterError(f"Parameter {key!r} is of the wrong type", where=f"notebook {name}",
                                 found=f"{type(value).__name__} instead of {type(default).__name__}",
                                 remedy="Give a value like the default in the notebook's parameters cell.")


def _wrong(name: str, found: str, remedy: str) -> ParameterError:
    return ParameterError("The parameters cell cannot be read", where=f"notebook {name}", found=found, remedy=remedy)
