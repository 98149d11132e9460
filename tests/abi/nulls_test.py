"""Every pointer of every function of the lock, null and wrong: the refusal that export.h promises, or what null is documented
to mean; never a crash. Everything else that is given is good, which a test of its own makes sure of. A new function is
covered without a line here. PAWL_LIBRARY names the library, PAWL_RELAY the relay's program.
"""

import ctypes
import faulthandler
import tempfile
import unittest

from world import API, Relay, World

from bindings.gen.model import Function, Param

STATUS = {it.short: it.value for it in API.status_enum().values}
NO_HANDLE = 0x10  # an address that no object of Pawl has
# What these give of good objects is not nothing, as what they give of null is.
GIVING = {"pawl_buffer_data", "pawl_buffer_size", "pawl_contacts_count", "pawl_devices_count", "pawl_events_count", "pawl_peeked_count"}
# Exactly one of passphrase and host key is to be given, and the good call gives the host key.
ONE_OF_TWO = {("pawl_client_change_key", "host_key"), ("pawl_client_reencrypt", "host_key")}


def refusal(parameter: Param) -> int:
    return STATUS["BAD_HANDLE" if parameter.shape in ("self", "handle") else "INVALID_ARGUMENT"]


def pointers(function: Function) -> list[int]:
    return [i for i, it in enumerate(function.params) if it.ctype.endswith("*")]


class NullsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        relay = Relay(folder.name)
        self.addCleanup(relay.stop)
        self.world = World(folder.name, relay)
        self.addCleanup(self.world.close)

    def call(self, function: Function, replaced: dict[int, object]) -> object:
        print(function.name, sorted(replaced), flush=True)  # the last line names who crashed
        given = self.world.arguments(function)
        arguments = [replaced[i] if i in replaced else it for i, it in enumerate(given)]
        answer = self.world.call(function, *arguments)
        for it, made in zip(function.params, arguments):
            if it.shape == "out_handle" and made is not None:
                self.world.release(it.of, ctypes.c_void_p.from_address(made.value))  # type: ignore[attr-defined]
        return answer

    def demand(self, wanted: set[int], function: Function, replaced: dict[int, object]) -> None:
        """One of these as a status; what has none gives nothing."""
        answer = self.call(function, replaced)
        names = [function.params[i].name for i in replaced]
        if function.returns == "status":
            self.assertIn(answer, wanted, f"{function.name}, {names}")
        else:
            self.assertIn(answer, (None, 0), f"{function.name}, {names}")

    def without(self, function: Function, at: int) -> dict[int, object]:
        """Null at this place; where that is a way to say nothing, of no length."""
        it = function.params[at]
        return {at: None, at + 1: 0} if it.nullable and it.shape == "bytes" else {at: None}

    def test_all_else_that_is_given_is_good(self) -> None:
        # The last one ends the peek: a store that was encrypted anew is another.
        for function in sorted(API.functions, key=lambda it: it.name == "pawl_client_reencrypt"):
            if function.returns == "status":
                self.assertEqual(self.call(function, {}), STATUS["OK"], function.name)
            elif function.name in GIVING:
                self.assertTrue(self.call(function, {}), function.name)

    def test_a_null_is_refused_where_it_is_not_documented(self) -> None:
        for function in API.functions:
            for at in pointers(function):
                if not function.params[at].nullable:
                    self.demand({refusal(function.params[at])}, function, self.without(function, at))

    def test_a_null_is_taken_where_it_is_documented(self) -> None:
        for function in API.functions:
            for at in pointers(function):
                it = function.params[at]
                if it.nullable:
                    wanted = "INVALID_ARGUMENT" if (function.name, it.name) in ONE_OF_TWO else "OK"
                    self.demand({STATUS[wanted]}, function, self.without(function, at))

    def test_all_of_them_null_is_refused(self) -> None:
        for function in API.functions:
            places = pointers(function)
            wanted = {refusal(function.params[at]) for at in places if not function.params[at].nullable}
            if places:
                self.demand(wanted, function, dict.fromkeys(places))

    def test_what_is_no_handle_is_refused(self) -> None:
        for function in API.functions:
            for at, it in enumerate(function.params):
                if it.shape in ("self", "handle"):
                    self.demand({STATUS["BAD_HANDLE"]}, function, {at: ctypes.c_void_p(NO_HANDLE)})


if __name__ == "__main__":
    faulthandler.enable()
    unittest.main()
