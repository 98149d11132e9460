#include "client/engine/backup_codec.h"

#include <algorithm>
#include <utility>

namespace pawl::client {
namespace {

constexpr uint32_t kMaxContacts = 100'000;
constexpr size_t kFixedPart = 2 + 32 + 4 + 16 + 3;

}  // namespace

size_t ContactsSize(std::span<const BackedUpContact> contacts) {
  size_t size = 4;
  for (const BackedUpContact& contact : contacts) {
    size += kFixedPart + contact.address.ToString().size() + (contact.delivery_key ? 32 : 0);
  }
  return size;
}

void WriteContacts(codec::FixedWriter& out, std::span<const BackedUpContact> contacts) {
  out.U32(static_cast<uint32_t>(contacts.size()));
  for (const BackedUpContact& contact : contacts) {
    out.Vector16(AsBytes(contact.address.ToString()));
    out.Raw(contact.account_key).U32(contact.list.version).Raw(contact.list.hash);
    out.U8(static_cast<uint8_t>(contact.state)).U8(contact.verified ? 1 : 0);
    out.U8(contact.delivery_key ? 1 : 0);
    if (contact.delivery_key) out.Raw(*contact.delivery_key);
  }
}

absl::StatusOr<std::vector<BackedUpContact>> ReadContacts(codec::Reader& in) {
  const uint32_t count = in.U32();
  if (count > kMaxContacts) return Fail(Code::kMalformed, "too many contacts");
  std::vector<BackedUpContact> contacts;
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    auto address = identity::Address::Parse(AsText(in.Vector16()));
    if (!address.ok()) return Fail(Code::kMalformed, "contact without an address");
    BackedUpContact contact{.address = *std::move(address)};
    contact.account_key = in.Array<32>();
    contact.list.version = in.U32();
    contact.list.hash = in.Array<16>();
    const uint8_t state = in.U8();
    contact.verified = in.U8() == 1;
    if (in.U8() == 1) contact.delivery_key = in.Array<32>();
    if (state > static_cast<uint8_t>(ContactState::kBlocked)) {
      return Fail(Code::kMalformed, "contact in no known state");
    }
    contact.state = static_cast<ContactState>(state);
    contacts.push_back(std::move(contact));
  }
  if (!in.ok()) return Fail(Code::kMalformed, "contacts cut short");
  return contacts;
}

std::vector<BackedUpContact> ContactsOf(const PeerTable& peers) {
  std::vector<BackedUpContact> contacts;
  for (const auto& [address, peer] : peers) {
    // As many strangers as like may have asked us; whoever still wants to talk asks again.
    const bool stranger =
        peer->state == store::ContactState::kNone || peer->state == store::ContactState::kAsking;
    if (stranger || (!peer->list && !peer->pin)) continue;
    contacts.push_back(
        {.address = address,
         .account_key = peer->list ? peer->list->fields().account_key : peer->pin->account_key,
         .list = peer->list ? peer->list->ref() : peer->pin->least,
         .state = static_cast<ContactState>(peer->state),
         .verified = peer->verified,
         .delivery_key = peer->delivery_key});
  }
  std::sort(contacts.begin(), contacts.end(),
            [](const auto& a, const auto& b) { return a.address < b.address; });
  return contacts;
}

Peer PeerOf(const BackedUpContact& contact, Timestamp now) {
  Peer peer{.address = contact.address};
  peer.pin = Peer::Pin{contact.account_key, contact.list};
  peer.state = static_cast<store::ContactState>(contact.state);
  peer.verified = contact.verified;
  peer.delivery_key = contact.delivery_key;
  peer.created_at = now;
  return peer;
}

}  // namespace pawl::client
