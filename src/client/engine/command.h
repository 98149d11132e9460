#ifndef PAWL_CLIENT_ENGINE_COMMAND_H_
#define PAWL_CLIENT_ENGINE_COMMAND_H_

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/ids.h"
#include "client/engine/account_backup.h"
#include "client/engine/kept.h"
#include "crypto/ed25519.h"
#include "identity/address.h"
#include "wire/content_builder.h"

namespace pawl::client {

// What the app asks for. A command with a request id other than 0 ends with exactly one kCompleted
// event of that id, in the order the commands end; what it says is durable by then.

// --- The account ---

// Makes an account and its first device, or goes on with the same registration after a crash. Ends
// when the relay holds list, prekeys and delivery key; also kRegistered. kNameTaken,
// kInvitationRequired, kWrongState (this store has another account).
struct Register {
  identity::Address address;
  std::string invitation{};
};
// On a new device, in an empty store: result data = link request, to be carried to the device that
// holds the account key (QR code, clipboard). Holds public keys only; valid until the next
// BeginLink.
struct BeginLink {
  identity::Address address;
};
// On the device that holds the account key: signs the new list and puts it to the relay; result
// data = link response, encrypted to the new device. kMalformed, kUnsupported (no account key
// here).
struct ApproveLink {
  Bytes request{};
};
// On the new device; ends like Register. kAuthFailed when it answers another request.
struct CompleteLink {
  Bytes response{};
};
// Needs the account key. Other devices and contacts stop sending to it with the new list.
struct RemoveDevice {
  DeviceId device{};
};
// Result data = the sealed account (account key, contacts). `key` is derived from the passphrase
// off this thread: see account_backup.h. kUnsupported where the account key does not live.
struct ExportAccount {
  BackupKey key;
};
// In an empty store: this device takes the account over with the account key; ends like Register.
struct ImportAccount {
  AccountBackup account;
};

// --- Talking ---

// `content` is what Compose (compose.h) made for `id`. kMessageState kQueued is its acceptance; the
// completion repeats it. To a stranger a contact request goes first; to a peer that asked us it is
// the answer yes. kTooLarge, kIdentityChanged, kBlocked.
struct SendMessage {
  MessageId id{};
  identity::Address to;
  wire::ContentBytes content;
};
// As SendMessage, once the runner's worker has encrypted and uploaded the file: the request ends
// then. `path` is empty when the worker has the source itself; that does not survive a restart.
struct SendFile {
  MessageId id{};
  identity::Address to;
  std::string path{};
  std::string name{};               // as shown to the recipient; may be empty
  std::string media_type{};         // may be empty
  crypto::SecretBytes caption{};    // may be empty
  crypto::SecretBytes thumbnail{};  // at most 16 KiB
  uint32_t expires_in_s = 0;
};
// Fetches the file that a received message points to; the request ends with kAttachment. kNotFound.
struct FetchFile {
  MessageId message{};
  std::string path{};
};
// Ends the transfer of that message, if there is one, as kCancelled.
struct CancelTransfer {
  MessageId message{};
};
// The user has seen everything up to and including this message: unread falls, timers start, own
// devices learn it, and the sender gets receipts when it is an accepted contact. kNotFound.
struct MarkRead {
  identity::Address peer;
  MessageId up_to{};
};
// Ephemeral: nobody who is offline hears it. Only to accepted contacts.
struct SendTyping {
  identity::Address peer;
  bool active = true;
};

// --- Contacts ---

struct RequestContact {
  identity::Address peer;
  std::string name{};  // what we call ourselves, shown to a stranger
};
struct AnswerContact {
  identity::Address peer;
  bool accept = true;
};
// Blocking rotates our delivery key for everybody else; unblocking makes a stranger of the peer.
struct BlockContact {
  identity::Address peer;
  bool blocked = true;
};
// Names the key that the user saw, so that a further change is not accepted unseen.
struct AcceptIdentity {
  identity::Address peer;
  crypto::Ed25519Public account_key{};
};
// Turns that key down for as long as this engine lives: sending goes on under the one known before.
struct RejectIdentity {
  identity::Address peer;
  crypto::Ed25519Public account_key{};
};
struct SetVerified {
  identity::Address peer;
  bool verified = true;
};

struct Command {
  RequestId request{};
  std::variant<Register, BeginLink, ApproveLink, CompleteLink, RemoveDevice, ExportAccount,
               ImportAccount, SendMessage, SendFile, FetchFile, CancelTransfer, MarkRead,
               SendTyping, RequestContact, AnswerContact, BlockContact, AcceptIdentity,
               RejectIdentity, SetVerified, AckInbox, AnchorKept>
      body;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_COMMAND_H_
