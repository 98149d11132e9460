#ifndef PAWL_TESTS_LINKER_LINKER_H_
#define PAWL_TESTS_LINKER_LINKER_H_

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "linker/relay_view.h"

namespace pawl::linker {

// What a relay that wants to know can claim with evidence: no guess from times, sizes, numbers of
// messages or network addresses. Unordered pairs stand with the lesser first.
struct Links {
  std::map<EnvelopeKey, Mailbox> senders;  // of an account alone where the device is not known
  std::set<std::pair<size_t, size_t>> same_session;  // envelopes, by their place in the view
  std::set<std::pair<Mailbox, Mailbox>> conversing;
  std::set<std::pair<Conn, Conn>> same_client;
  // Blobs whose uploader is known, and by which account or device.
  std::map<std::string, Mailbox> uploaders;
  // One delivery key that opens more than one account's mailboxes.
  std::set<std::pair<std::string, std::string>> same_key;
  // Rows of the database that are more than what was said on the wire.
  std::set<EnvelopeKey> strange_rows;
};

Links FindLinks(const RelayView& view);

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_LINKER_H_
