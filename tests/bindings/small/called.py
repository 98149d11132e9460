"""Every shape of small.h through the Python that was generated for it, as small.c answers: a value in, the same value out."""

import ctypes
import gc

import pawl
from pawl import _pawl

LIVING = ctypes.c_int.in_dll(ctypes.CDLL(_pawl.__file__), "living")
KEY = bytes(31) + b"\x07"


def identifier(first: int) -> bytes:
    return bytes([first]) + bytes(14) + b"\xff"


def refused(kind: type[Exception], call, *arguments: object) -> Exception:
    try:
        call(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"{call} was not refused")


def free_functions() -> None:
    assert pawl.version() == 2005 and pawl.version_string() == "0.2.5"
    assert pawl.brightest() == 2.5
    assert pawl.status_name(-502) == "TIMEOUT"
    assert pawl.status_is_retryable(-502) is True and pawl.status_is_retryable(-101) is False


def inputs_and_outputs(lamp: pawl.Lamp) -> None:
    assert lamp.light(True, pawl.Colour.BLUE, pawl.LampFlag.ON | pawl.LampFlag.DIMMED, -0.375, "Tür") == 77
    assert lamp.label() == "Tür"
    state = lamp.state()
    assert (state.level, state.power, state.is_on, state.colour) == (-5, -0.375, True, pawl.Colour.BLUE)
    assert isinstance(state.colour, pawl.Colour) and isinstance(state.id, pawl.Id) and state.id == identifier(3)
    info = state.info
    assert (info.status, info.is_on, info.message) == (pawl.StatusCode.TIMEOUT, False, "fine — so far")
    assert lamp.light(False, 9, 0, 1e300) == 77 and lamp.label() == "none"
    state = lamp.state()
    assert (state.level, state.power, state.is_on, state.colour, state.info.is_on) == (0, 1e300, False, 9, True)
    assert lamp.measure() == 78
    refused(ValueError, lamp.light, True, 1, 1, 0.5, "a\0b")


def buffers(lamp: pawl.Lamp, other: pawl.Lamp) -> None:
    assert lamp.sealed_size(9) == 4
    assert lamp.seal(bytes(range(100)), KEY) == b"\x07" + bytes(range(100))
    assert lamp.seal(memoryview(b"xyz")[1:], bytearray(KEY)) == b"\x07yz"
    assert lamp.seal(None, KEY) == b"\xee"
    refused(pawl.InvalidArgumentError, lamp.seal, b"", KEY[1:])
    assert lamp.mix(other, b"seed") == b"seed\x03\x04" + bytes(22)
    assert lamp.mix(None, b"s") == b"s\x03\xee" + bytes(22)
    assert lamp.spell() == b"a\0c"


def pages(lamp: pawl.Lamp) -> None:
    assert lamp.glows(0, 5) == []
    plain, whole = lamp.glows(2, 5)
    assert (plain.colour, plain.id, plain.time_ms) == (pawl.Colour.RED, bytes(16), -(2**40) - 5)
    assert (plain.parent, plain.lamp, plain.data) == (None, None, None)
    assert (whole.colour, whole.id, whole.parent) == (pawl.Colour.BLUE, bytes(15) + b"\x0a", identifier(3))
    assert whole.data == b"\x00\x0a"
    options = whole.lamp
    assert (options.flags, options.place, options.key) == (pawl.LampFlag.DIMMED, "hall", b"\x01\x09")
    assert (options.height_m, options.owner) == (1.5, identifier(8))
    (_, bare) = pawl.Lamp.open(pawl.LampOptions(place="yard")).glows(2, 0)
    options = bare.lamp
    assert (options.flags, options.key, options.height_m, options.owner) == (0, None, 0.0, None)
    assert bare.parent == bytes(16)


def failures(lamp: pawl.Lamp) -> None:
    late = refused(pawl.TimedOutError, pawl.Lamp.open, pawl.LampOptions(place="nowhere"))
    assert isinstance(late, TimeoutError) and isinstance(late, pawl.NetworkError)
    assert (late.code, late.retryable, late.retry_after) == (pawl.StatusCode.TIMEOUT, True, 0.25)
    ray = pawl.Ray.cast(lamp)
    lamp.close()
    refused(pawl.ClosedError, pawl.Ray.cast, lamp)
    closed = refused(pawl.ClosedError, lamp.measure)  # what the library says last is about another status
    assert (closed.retryable, closed.retry_after) == (False, None)
    del ray


def main() -> None:
    options = pawl.LampOptions(flags=pawl.LampFlag.DIMMED, place="hall", key=b"\x01\x09", height_m=1.5, owner=identifier(8))
    free_functions()
    with pawl.Lamp.open(options, identifier(3)) as lamp, pawl.Lamp.open(options, identifier(4)) as other:
        inputs_and_outputs(lamp)
        buffers(lamp, other)
        pages(lamp)
        failures(lamp)
    del lamp, other
    gc.collect()
    assert LIVING.value == 0, LIVING.value
    print("every shape came through")


main()
