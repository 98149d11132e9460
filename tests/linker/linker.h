#ifndef PAWL_TESTS_LINKER_LINKER_H_
#define PAWL_TESTS_LINKER_LINKER_H_

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "linker/relay_view.h"

namespace pawl::linker {

// What one anonymous connection shows to be of one client, whoever that is.
struct Carried {
  size_t envelopes = 0;
  std::set<Mailbox> mailboxes;        // that these went to
  std::set<std::string> looked_up{};  // accounts
  std::set<std::string> blobs{};
};

// What a relay that wants to know can claim with evidence: no guess from times, sizes, numbers of
// messages or network addresses. Unordered pairs stand with the lesser first.
struct Links {
  std::map<EnvelopeKey, Mailbox> senders;  // of an account alone where the device is not known
  std::set<std::pair<size_t, size_t>> same_session;  // envelopes, by their place in the view
  std::set<std::pair<Mailbox, Mailbox>> conversing;
  std::set<std::pair<Conn, Conn>> same_client;
  // Anonymous connections that said what the database has of an account.
  std::map<Conn, Mailbox> owners;
  // Blobs whose uploader is known, and by which account or device.
  std::map<std::string, Mailbox> uploaders;
  // Two blobs that are paid with, or owned by, something that is one's.
  std::set<std::pair<std::string, std::string>> same_payer;
  // Envelopes in which something of an upload is to be seen.
  std::set<EnvelopeKey> announcing;
  // One delivery key that opens more than one account's mailboxes.
  std::set<std::pair<std::string, std::string>> same_key;
  // Rows of the database that are more than what was said on the wire.
  std::set<EnvelopeKey> strange_rows;

  // These two are always there. Who names a blob has made it or was told of it: connections on
  // which the same one was named, where there are several.
  std::map<std::string, std::set<Conn>> same_blob;
  std::map<Conn, Carried> by_connection;
};

Links FindLinks(const RelayView& view);

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_LINKER_H_
