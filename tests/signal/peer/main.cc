// ratchet_peer: Signal's Triple Ratchet on our ratchet, spoken to in lines of JSON, to be played
// against other implementations.
#include <iostream>
#include <string>
#include <string_view>

#include "crypto/init.h"
#include "peer/commands.h"

namespace {

constexpr std::string_view kHelp =
    R"(ratchet_peer: one party of Signal's Triple Ratchet. Reads one JSON object a line from standard
input and answers each with one line on standard output; binary values are hex, public keys 33 bytes.

  {"id":1,"op":"hello","identityPriv"?,"uuid"?,"remoteUuid"?}    identityPub, identityPriv
  {"id":2,"op":"genKey"}                                         priv, pub
  {"id":3,"op":"inject","role":"A","rootKey","chainKey","authKey","remoteIdentityPub","baseKeyPub",
          "senderPub","senderPriv","senderChainKey","theirRatchetPub"}
  {"id":3,"op":"inject","role":"B","rootKey","chainKey","authKey","remoteIdentityPub","baseKeyPub",
          "spkPub","spkPriv"}                                    a session without a handshake
  {"id":4,"op":"encrypt","plaintext"}                            type (2), message
  {"id":5,"op":"decrypt","message","type"?}                      plaintext
  {"id":6,"op":"state"}                                          record

What cannot be done is answered {"id":…,"ok":false,"error":"…"} and changes nothing. For tests alone.
)";

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    const bool asked = std::string_view(argv[1]) == "--help";
    (asked ? std::cout : std::cerr) << kHelp;
    return asked ? 0 : 2;
  }
  if (!pawl::crypto::Init().ok()) return 1;
  pawl::signal::Commands commands;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << commands.Handle(line) << std::endl;  // the other side waits for it
  }
  return 0;
}
