"""The events that an app of pawl.aio has not read yet."""

from collections import deque

from ._enums import EventType
from ._pawl import Event

# Of these the newest stands for those before it, of its message or address, as in the client's own queue.
_REPLACED = {EventType.CONNECTION, EventType.PROGRESS, EventType.TYPING, EventType.DRAINED, EventType.STORE}

_Key = tuple[int, bytes | None, str | None]

# What an event without a content takes, about.
_EVENT_SIZE = 1024


def _size(event: Event) -> int:
    content = event.message.content if event.message else None
    held = (event.data, event.text, content and content.data, content and content.text)
    return _EVENT_SIZE + sum(len(it) for it in held if it)


class Unread:
    """A row of events that knows how large it is."""

    def __init__(self) -> None:
        self._row: deque[Event | _Key] = deque()
        self._newest: dict[_Key, Event] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._row)

    def append(self, event: Event) -> None:
        if event.type not in _REPLACED:
            self._row.append(event)
            self.size += _size(event)
            return
        key = (int(event.type), event.message_id, event.address)
        if key not in self._newest:
            self._row.append(key)
            self.size += _EVENT_SIZE
        self._newest[key] = event

    def popleft(self) -> Event:
        first = self._row.popleft()
        if isinstance(first, tuple):
            self.size -= _EVENT_SIZE
            return self._newest.pop(first)
        self.size -= _size(first)
        return first
