#ifndef PAWL_SESSION_TYPES_H_
#define PAWL_SESSION_TYPES_H_

#include <optional>

#include "base/ids.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "identity/bundle.h"
#include "identity/device_list.h"
#include "ratchet/braid/types.h"
#include "ratchet/header.h"
#include "ratchet/limits.h"
#include "ratchet/route_tag.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"

namespace pawl::session {

using identity::PrekeyId;
using ratchet::RouteTag;
using ratchet::TagChanges;

// Hash of everything that both sides must agree on before their first message (FORMAT.md); names
// the session.
using TranscriptHash = StrongAlias<struct TranscriptHashTag, crypto::Hash32>;
// Hash of a handshake's ephemeral key and prekey ids: the same for every message that repeats the
// handshake. The replay cache holds these.
using HandshakeId = StrongAlias<struct HandshakeIdTag, crypto::Hash32>;

using ratchet::braid::Role;

// What each message says about device lists: its sender's own, and its recipient's as the sender
// knows it.
struct ListRefs {
  identity::ListRef sender;
  identity::ListRef recipient;
  friend bool operator==(const ListRefs&, const ListRefs&) = default;
};

// As they stand in a message header (ratchet::Header::context).
ByteArray<ratchet::kContextSize> EncodeRefs(const ListRefs& refs);
ListRefs DecodeRefs(const ByteArray<ratchet::kContextSize>& context);

struct Opened {
  crypto::SecretBytes content;
  ListRefs refs;
};

// A skipped key as the store keeps it: the tag in clear (the route table is built from it), the
// rest secret.
using SkippedRowValue = crypto::Secret<struct SkippedRowTag, ratchet::kSkippedKeySize>;
struct SkippedRow {
  RouteTag tag;
  SkippedRowValue value;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_TYPES_H_
