#ifndef PAWL_RELAY_ENGINE_DIRECTORY_OPS_H_
#define PAWL_RELAY_ENGINE_DIRECTORY_OPS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine {

// Accounts, device lists, epochs, prekeys, delivery keys. The engine does not parse signed records:
// the core has verified them and hands over what the engine must compare, which happens in the
// transaction that writes.

struct DeviceRow {
  DeviceId id;
  ByteArray<32> signing_key{};
};
// A verified device list and what it says.
struct ListRecord {
  std::string account;
  ByteArray<32> account_key{};
  uint32_t version = 0;
  ByteArray<32> hash{};
  ByteArray<32> previous{};
  std::vector<DeviceRow> devices;
  Bytes record;
};
struct EpochRow {
  DeviceId device;
  DeviceEpoch epoch;
  Bytes record;
};

struct GetList {
  std::string account;
};
struct GotList {
  Code code = Code::kOk;  // kNotFound
  Bytes record;
};

struct RegisterAccount {
  ListRecord list;
  EpochRow epoch;
  bool invitation_required = false;
  std::optional<ByteArray<32>> invitation_hash;
  Timestamp now;
};
struct PutList {
  ListRecord list;
};
// Of RegisterAccount and of PutList.
struct ListPut {
  // kNameTaken (registering), kIdentityChanged (putting): another account key, or registering one
  // that was removed. kInvitationRequired.
  // kDeviceListRolledBack, kDeviceListForked. kNotFound (putting): no such account. kWrongState:
  // the epoch is not above the stored one.
  Code code = Code::kOk;
  uint32_t version = 0;
  std::vector<MailboxRef>
      removed;  // mailboxes of devices that are gone or have another signing key; already empty
};

struct PutEpoch {
  MailboxRef mailbox;
  DeviceEpoch expected;
  EpochRow epoch;
};
struct EpochPut {
  Code code = Code::kOk;  // kWrongState: the comparison failed; kNotFound: the device is gone
  DeviceEpoch epoch;      // stored now
};

struct OneTimeRow {
  uint32_t id = 0;
  Timestamp expires;
  Bytes record;
};
struct PutPrekeys {
  MailboxRef mailbox;
  DeviceEpoch epoch;            // that the records name: must be the stored one
  std::optional<Bytes> bundle;  // none: the stored one stays
  std::vector<OneTimeRow> one_time;
  Timestamp now;
};
struct PrekeysPut {
  Code code = Code::kOk;  // kWrongState: another epoch; kQuotaExceeded: too many pairs; kNotFound
  uint32_t one_time_left = 0;
};

struct TakePrekey {
  std::string account;
  DeviceId device;
  bool with_one_time = true;
  Timestamp now;
};
struct PrekeyTaken {
  Code code = Code::kOk;  // kNotFound: no such device, or it has put nothing yet
  Bytes epoch_record;
  Bytes bundle;
  Bytes one_time;  // empty: none left, or not asked for; given out once, also across crashes
};

struct PutDeliveryKey {
  MailboxRef mailbox;  // any device of the account
  ByteArray<32> key{};
  Timestamp now;
};
struct PutAnchor {
  MailboxRef mailbox;
  Bytes anchor;
};
// Of PutDeliveryKey and PutAnchor.
struct Done {
  Code code = Code::kOk;  // kNotFound
};

// Makes an invitation good for one registration. Only its hash is stored.
struct PutInvitation {
  ByteArray<32> hash{};
  Timestamp expires;
};
// An administrator's reset: the account with its devices, mail and prekeys is gone, and its name
// free for every account key but this one, whose public records anybody may have kept.
struct RemoveAccount {
  std::string account;
};
struct AccountRemoved {
  Code code = Code::kOk;  // kNotFound
  std::vector<MailboxRef> removed;
};

// What RemoveAccount removed since this was last asked, also in another process: how a relay that
// runs hears of its administrator.
struct TakeRemovals {};
struct Removals {
  Code code = Code::kOk;
  std::vector<MailboxRef> mailboxes;
};

}  // namespace pawl::relay::engine

#endif  // PAWL_RELAY_ENGINE_DIRECTORY_OPS_H_
