"""org.pawl: classes of Java 8 and the C glue below them."""

from ..model import Api
from . import java_c, java_classes, java_structs, java_values


def emit(api: Api) -> dict[str, str]:
    return {**java_values.emit(api), **java_structs.emit(api), **java_classes.emit(api), **java_c.emit(api)}
