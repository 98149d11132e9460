"""Names for what may be given where bytes or a path are asked for."""

import os
from typing import TypeAlias

BytesLike: TypeAlias = bytes | bytearray | memoryview
StrPath: TypeAlias = str | os.PathLike[str]
