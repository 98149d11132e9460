#ifndef PAWL_STORE_PEERS_H_
#define PAWL_STORE_PEERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/gateway.h"

namespace pawl::store {

enum class ContactState : uint8_t {
  kNone = 0,       // known (a list was seen), no contact
  kRequested = 1,  // we asked, no answer yet
  kAsking = 2,     // they asked, we have not answered
  kAccepted = 3,
  kBlocked = 4,
};

// Another account.
struct PeerRow {
  std::string address;          // name@domain
  ByteArray<32> account_key{};  // pinned
  Bytes device_list;            // newest accepted signed record; empty: none yet
  uint32_t list_version = 0;    // ListRef of that record
  ByteArray<16> list_hash{};
  Timestamp list_checked_at;  // when the relay last answered
  ContactState state = ContactState::kNone;
  uint64_t state_version = 0;        // orders what the account's devices say of `state`
  crypto::SecretBytes delivery_key;  // to send to them anonymously; empty: unknown
  std::string display_name;          // as they introduced themselves; may be empty
  bool verified = false;             // safety number compared
  // An account key that differs from the pinned one, waiting for the app; with the list that it
  // signed. nullopt: none.
  std::optional<ByteArray<32>> pending_key;
  Bytes pending_list;
  Timestamp created_at;
};

// A contact as an app lists it.
struct ContactRow {
  std::string address;
  std::string display_name;
  ContactState state = ContactState::kNone;
  bool verified = false;
  bool identity_changed = false;  // another account key waits for the app
};

class Peers : Gateway {
 public:
  using Gateway::Gateway;
  absl::StatusOr<std::optional<PeerRow>> Find(std::string_view address);
  // Every peer, by address.
  absl::StatusOr<std::vector<PeerRow>> LoadAll();
  // As an app lists them: by address, address > after ("" starts).
  absl::StatusOr<std::vector<ContactRow>> Contacts(std::string_view after, size_t limit);
  // Inserts or replaces.
  absl::Status Save(const PeerRow& row);
  // Its devices, sessions and skipped keys go too. Messages stay.
  absl::Status Erase(std::string_view address);
};

}  // namespace pawl::store

#endif  // PAWL_STORE_PEERS_H_
