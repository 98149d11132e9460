"""Parts of OpenSSL and libwebsockets that are not in the library, whatever is found in them: left_out_test.py BUILD.

docs/bundled.md relies on it where it says which of the distribution's security fixes do not concern the library.
"""

import re
import sys
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tools"))

import size  # noqa: E402

BUILD = Path()
LEFT_OUT = {
    "CMS": r"libcrypto\.a\(libcrypto-lib-cms_",
    "CMP": r"libcrypto\.a\(libcrypto-lib-(cmp|crmf)_",
    "AES-OCB, AES-SIV": r"lib(crypto|ssl)\.a\(lib\w+-lib-(cipher_aes_(ocb|gcm_siv|siv)|ocb128|siv128)",
    "QUIC": r"libssl\.a\(lib\w+-lib-(quic|qrx|qtx|uint_set|rec_layer_q)(?!_tls\.o)",  # quic_tls: 76 bytes of "there is none"
    "the HTTP server": r"libwebsockets\.a\((server|server-ws|parsers_server|access-log|lejp-conf|fops\S*)\.c\.o",
    "HTTP/2": r"libwebsockets\.a\((hpack|http2|ops-h2|h2\S*)\.c\.o",
    "libwebsockets' own DNS": r"libwebsockets\.a\(async-dns\S*\.c\.o",
    "SSH": r"libwebsockets\.a\((sshd|kex-25519|telnet)\.c\.o",
    "CBOR": r"libwebsockets\.a\(lecp\.c\.o",
}
KEPT = {
    "the TLS client": r"libssl\.a\(libssl-lib-statem_clnt\.o",
    "AES-GCM": r"libcrypto\.a\(libdefault-lib-cipher_aes_gcm\.o",
    "the WebSocket client": r"libwebsockets\.a\(client-ws\.c\.o",
}


class LeftOutTest(unittest.TestCase):
    def setUp(self) -> None:
        full = max(size.slices_of(BUILD), key=lambda each: each.budget)
        self.files = sorted({origin for _, _, origin in size.contributions(full.map.read_text())})

    def of(self, pattern: str) -> list[str]:
        return [file for file in self.files if re.search(pattern, file)]

    def test_what_is_needed_is_seen_in_the_map(self) -> None:
        for part, pattern in KEPT.items():
            self.assertTrue(self.of(pattern), part)

    def test_no_byte_of_what_is_left_out_is_in_the_library(self) -> None:
        for part, pattern in LEFT_OUT.items():
            with self.subTest(part):
                self.assertEqual(self.of(pattern), [])


if __name__ == "__main__":
    BUILD = Path(sys.argv.pop())
    unittest.main()
