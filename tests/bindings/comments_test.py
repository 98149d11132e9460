"""What is not documented is refused, and so is a comment in words that hold for C alone."""

import unittest

from headers import header, read_text

from bindings.gen import comments
from bindings.gen.errors import Refused

PRELUDE = """
#include <stddef.h>
#include <stdint.h>

#include "pawl/export.h"

#define PAWL_VERSION_MAJOR 0
#define PAWL_VERSION_MINOR 3
#define PAWL_VERSION_PATCH 1
/** Bytes of a key. */
#define PAWL_KEY_SIZE 32

PAWL_BEGIN_DECLS

typedef int32_t pawl_status;
"""

DECLARED = """
/** How a call fails. */
enum PAWL_ANNOTATE("status_enum") pawl_status_code {
  /** It worked. */
  PAWL_OK = 0,
  /** Mend it, then call again. */
  PAWL_E_BROKEN = -101
};

/** A line of the log. */
typedef void (*pawl_log_fn)(void* user, const char* line);

/** Something. */
typedef struct pawl_order pawl_order;

/** How it is made. */
typedef struct PAWL_OPTIONS pawl_order_options {
  uint32_t struct_size;
  uint32_t reserved;
  /** What it is called. Null: nothing. */
  const uint8_t* name PAWL_NULLABLE;
  size_t name_len;
  /** Gets the log. */
  pawl_log_fn log PAWL_NULLABLE;
  void* log_user PAWL_NULLABLE;
} pawl_order_options;
#define PAWL_ORDER_OPTIONS_INIT { sizeof(pawl_order_options), 0, 0, 0, 0, 0 }

/** Whether the order goes by `way_on`, within timeout_ms. PAWL_E_BROKEN when it does not. */
PAWL_API pawl_status pawl_order_send(pawl_order* order, const uint8_t* way_on, size_t way_on_len, int32_t timeout_ms,
                                     int32_t* out_goes PAWL_BOOL) PAWL_NOEXCEPT PAWL_SINCE("0.1");

/** Frees it; pointers to what was read from it, out_goes too, end. */
PAWL_API void pawl_order_release(pawl_order* order) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");
"""

MISSING = [
    ("a constant", "/** Bytes of a key. */\n", "PAWL_KEY_SIZE"),
    ("an enum", "/** How a call fails. */\n", "pawl_status_code"),
    ("success", "  /** It worked. */\n", "PAWL_OK"),
    ("a status", "  /** Mend it, then call again. */\n", "PAWL_E_BROKEN"),
    ("a callback", "/** A line of the log. */\n", "pawl_log_fn"),
    ("a handle", "/** Something. */\n", "pawl_order"),
    ("a struct", "/** How it is made. */\n", "pawl_order_options"),
    ("a field", "  /** What it is called. Null: nothing. */\n", "pawl_order_options.name"),
    ("a callback in a struct", "  /** Gets the log. */\n", "pawl_order_options.log"),
    ("a function", "/** Whether the order goes by `way_on`, within timeout_ms. PAWL_E_BROKEN when it does not. */\n", "pawl_order_send"),
    ("a release", "/** Frees it; pointers to what was read from it, out_goes too, end. */\n", "pawl_order_release"),
]

# (what is odd, what the comment of pawl_order_send says, what the refusal must say)
SAID = [
    ("an output", "Sends by way_on within timeout_ms. Sets *out_goes.", "names an output of C: '*out_goes'"),
    ("an output in backticks", "Sends by way_on within timeout_ms. Sets `out_goes`.", "names an output of C"),
    ("the buffer", "Sends by way_on within timeout_ms. `out` must have room.", "names an output of C: '`out`'"),
    ("a length", "Sends the way_on_len bytes of way_on within timeout_ms.", "names a length of C: 'way_on_len'"),
    ("a capacity", "Sends by way_on within timeout_ms, up to out_cap bytes.", "of C: 'out_cap'"),
    ("struct_size", "Sends by way_on within timeout_ms, up to its struct_size.", "speaks of struct_size"),
    ("1 for yes", "1 when it goes by way_on within timeout_ms.", "says 0 or 1 for no or yes"),
    ("1 for yes, later", "By way_on within timeout_ms: 1 once it goes.", "says 0 or 1 for no or yes"),
    ("1 in brackets", "Sends by way_on within timeout_ms (1), or not (0).", "says 0 or 1 for no or yes: '(1)'"),
    ("pointers", "Sends by way_on within timeout_ms. Pointers live on.", "speaks of pointers"),
    ("a header", "Sends by way_on within timeout_ms (order.h).", "names a header: 'order.h'"),
    ("static", "Sends by way_on within timeout_ms. Static.", "says what is static in C"),
    ("an article", "Sends a pawl_order by way_on within timeout_ms.", "says 'a pawl_order', which is another article elsewhere"),
    ("an article of a capital", "A pawl_order_options by way_on within timeout_ms.", "says 'A pawl_order_options'"),
    ("nothing of a parameter", "Sends by way_on.", "does not speak of `timeout_ms`"),
    ("nothing of bytes", "Sends within timeout_ms.", "does not speak of `way_on`"),
]
FINE = [
    "Sends by way_on within timeout_ms; 0: for ever. Takes 1 MiB at most.",
    "Whether the way on is open, by its end in timeout_ms. Is PAWL_OK then.",
]


class CommentsTest(unittest.TestCase):
    def demand(self, declared: str, prelude: str = PRELUDE) -> None:
        comments.demand(read_text(header(declared, prelude)))

    def said(self, text: str) -> str:
        before = "Whether the order goes by `way_on`, within timeout_ms. PAWL_E_BROKEN when it does not."
        self.assertIn(before, DECLARED)
        return DECLARED.replace(before, text)

    def refused(self, wanted: str, declared: str, prelude: str = PRELUDE) -> None:
        with self.assertRaises(Refused) as caught:
            self.demand(declared, prelude)
        self.assertIn(wanted, str(caught.exception))

    def test_a_header_with_all_its_comments_is_fine(self) -> None:
        self.demand(DECLARED)
        for text in FINE:
            with self.subTest(text):
                self.demand(self.said(text))

    def test_what_has_no_comment_is_refused_by_its_name(self) -> None:
        for what, comment, name in MISSING:
            with self.subTest(what):
                self.assertIn(comment, PRELUDE + DECLARED)
                self.refused(f"{name} has no comment", DECLARED.replace(comment, ""), PRELUDE.replace(comment, ""))

    def test_words_of_c_are_refused(self) -> None:
        for what, text, wanted in SAID:
            with self.subTest(what):
                self.refused(wanted, self.said(text))


if __name__ == "__main__":
    unittest.main()
