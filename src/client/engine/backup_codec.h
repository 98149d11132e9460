#ifndef PAWL_CLIENT_ENGINE_BACKUP_CODEC_H_
#define PAWL_CLIENT_ENGINE_BACKUP_CODEC_H_

#include <span>
#include <vector>

#include "client/engine/account_backup.h"
#include "client/engine/peer.h"
#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::client {

// Contacts as backups and link responses carry them:
//   u32 count; count times: opaque address<1..2^16-1>; account_key[32]; u32 version; hash[16];
//   u8 state; u8 verified; u8 has_key; delivery_key[32] if has_key = 1
size_t ContactsSize(std::span<const BackedUpContact> contacts);
void WriteContacts(codec::FixedWriter& out, std::span<const BackedUpContact> contacts);
// kMalformed. At most 100,000.
absl::StatusOr<std::vector<BackedUpContact>> ReadContacts(codec::Reader& in);

// Contacts, those we asked and those we blocked, where their account key is known, by address; and
// back into peers of an empty store.
std::vector<BackedUpContact> ContactsOf(const PeerTable& peers);
Peer PeerOf(const BackedUpContact& contact, Timestamp now);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_BACKUP_CODEC_H_
