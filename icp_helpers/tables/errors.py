"""One class for each kind of user mistake; the text of each is a sentence in four parts."""


def told(text: str) -> str:
    """Marks a sentence that `icp new` says, for the catalogue of errors: it is English here, and told in her language where it is shown."""
    return text


class IcpError(Exception):
    """A mistake that a user can mend: what is wrong, where, what was found, what to do."""

    def __init__(self, what: str, *, where: str, found: str, remedy: str):
        self.what, self.where, self.found, self.remedy = what, where, found, remedy
        super().__init__(what, where, found, remedy)

    def __str__(self) -> str:
        return f"{self.what} ({self.where}). Found: {self.found}. {self.remedy}"

    def __reduce__(self):
        return _rebuild, (type(self), self.what, self.where, self.found, self.remedy)


def _rebuild(kind, what, where, found, remedy):
    return kind(what, where=where, found=found, remedy=remedy)


class MarketFileError(IcpError):
    """market.yml is missing, unreadable, or holds a key or value that it may not hold."""


class TableError(IcpError):
    """A table or column is missing, empty, of a wrong type, or cannot be read."""


class ParameterError(IcpError):
    """A market, segment, step or option that does not exist was asked for."""


class TooFewError(IcpError):
    """There is nothing to work on: the unit is insufficient, which is an honest answer and no failure."""
