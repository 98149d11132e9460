#ifndef PAWL_CLIENT_ENGINE_RELAY_CALL_H_
#define PAWL_CLIENT_ENGINE_RELAY_CALL_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "identity/address.h"

namespace pawl::client {

// The two connections of a writing client (wire/PROTOCOL.md, modes).
enum class Channel : uint8_t { kDevice = 1, kAnonymous = 2 };

using DeliveryKey = ByteArray<32>;

// --- What the engine asks of the relay. `Call` owns its bytes. ---

struct SendEnvelope {
  identity::DeviceAddress to;
  EnvelopeId id{};
  Bytes envelope{};
  Duration ttl{};
  bool urgent = true;
  bool ephemeral = false;
  bool follows = false;  // earlier ones for this device are unanswered: it must not overtake them
  std::optional<DeliveryKey> delivery_key{};  // none: the rate-limited path for strangers
};
struct RegisterAccount {
  Bytes list_record{};
  Bytes epoch_record{};
  std::string invitation{};
};
struct PutDirectory {
  Bytes list_record{};
};
struct PutEpoch {
  DeviceEpoch expected{};
  Bytes epoch_record{};
};
struct PutPrekeys {
  Bytes bundle{};  // empty: unchanged
  std::vector<Bytes> one_time{};
};
struct PutDeliveryKey {
  DeliveryKey key{};
};
struct PutNote {
  Bytes note{};
};
struct GetDirectory {
  identity::Address account;
};
struct TakePrekeys {
  identity::DeviceAddress device;
};

struct GetTokenKeys {};
struct IssueTokens {
  ByteArray<16> id{};  // counted once
  uint32_t period = 0;
  bool large = false;
  Bytes blinded{};
};

// One request. `id` is unique within this engine's life; exactly one Reply with it, or the loss of
// the channel, ends it.
struct Call {
  Channel channel = Channel::kAnonymous;
  uint64_t id = 0;
  std::variant<SendEnvelope, RegisterAccount, PutDirectory, PutEpoch, PutPrekeys, PutDeliveryKey,
               PutNote, GetDirectory, TakePrekeys, GetTokenKeys, IssueTokens>
      body;
};

// --- What the relay answers. Views are borrowed for the Step they are passed to. ---

struct Done {};
struct Sent {
  bool duplicate = false;     // it had this envelope id already: as good as stored now
  uint32_t list_version = 0;  // of the recipient's account, so that a missing device shows
};
struct Refused {
  Code code = Code::kRelayRefused;
  Duration retry_after{};
};
struct DirectoryRecord {
  ByteView list{};
};
struct PrekeyRecords {
  ByteView epoch{};
  ByteView bundle{};
  ByteView one_time{};  // empty: none left
};

struct TokenKeysRecord {
  uint32_t period = 0;
  Timestamp until{};
  ByteArray<32> small{};
  ByteArray<32> large{};
};
struct TokensRecord {
  ByteArray<64> proof{};
  ByteView evaluated{};
};

struct Reply {
  Channel channel = Channel::kAnonymous;
  uint64_t call = 0;
  std::variant<Done, Sent, Refused, DirectoryRecord, PrekeyRecords, TokenKeysRecord, TokensRecord>
      body;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_RELAY_CALL_H_
