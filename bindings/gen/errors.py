"""What the generator says when a header cannot be bound."""


class Refused(Exception):
    """A declaration outside the dialect of the headers: where it stands, what it is, what to do about it."""

    def __init__(self, where: str, what: str, remedy: str = "") -> None:
        super().__init__(f"{where}: {what}" + (f" ({remedy})" if remedy else ""))
