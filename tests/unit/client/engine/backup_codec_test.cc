#include "client/engine/backup_codec.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::client {
namespace {

using test::HasCode;
using test::IsOk;

BackedUpContact Contact(std::string_view address, ContactState state, bool has_key) {
  BackedUpContact contact{.address = *identity::Address::Parse(address)};
  contact.account_key[0] = 7;
  contact.list = {3, {1, 2, 3}};
  contact.state = state;
  if (has_key) contact.delivery_key = DeliveryKey{9};
  return contact;
}

Bytes Encode(const std::vector<BackedUpContact>& contacts) {
  Bytes out(ContactsSize(contacts));
  codec::FixedWriter writer(out);
  WriteContacts(writer, contacts);
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.written(), out.size());
  return out;
}

const std::vector<BackedUpContact> kTwo = {
    Contact("alice@example.org", ContactState::kBlocked, false),
    Contact("bob@example.org", ContactState::kAccepted, true)};

TEST(BackupCodec, ContactsComeBackAsTheyWere) {
  const Bytes bytes = Encode(kTwo);
  codec::Reader reader(bytes);
  const auto read = ReadContacts(reader);
  ASSERT_THAT(read, IsOk());
  EXPECT_THAT(reader.Finish(), IsOk());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].state, ContactState::kBlocked);
  EXPECT_FALSE((*read)[0].delivery_key);
  EXPECT_EQ((*read)[1].address, kTwo[1].address);
  EXPECT_EQ((*read)[1].list, kTwo[1].list);
  EXPECT_EQ((*read)[1].delivery_key, kTwo[1].delivery_key);
}

TEST(BackupCodec, EveryCutIsRefused) {
  const Bytes bytes = Encode(kTwo);
  for (size_t length = 0; length < bytes.size(); ++length) {
    codec::Reader reader(ByteView(bytes).first(length));
    EXPECT_THAT(ReadContacts(reader), HasCode(Code::kMalformed)) << length;
  }
}

TEST(BackupCodec, AClaimOfMoreContactsThanThereAreCostsNothing) {
  const Bytes bytes = {0xff, 0xff, 0xff, 0xff};
  codec::Reader reader(bytes);
  EXPECT_THAT(ReadContacts(reader), HasCode(Code::kMalformed));
}

TEST(BackupCodec, AStateThatDoesNotExistIsRefused) {
  auto contacts = kTwo;
  contacts[0].state = static_cast<ContactState>(5);
  const Bytes bytes = Encode(contacts);
  codec::Reader reader(bytes);
  EXPECT_THAT(ReadContacts(reader), HasCode(Code::kMalformed));
}

TEST(BackupCodec, APinKeepsTheAccountKeyWhereNoListWasFetched) {
  const Peer peer = PeerOf(kTwo[1], Timestamp{5});
  EXPECT_FALSE(peer.list);
  ASSERT_TRUE(peer.pin);
  EXPECT_EQ(peer.pin->account_key, kTwo[1].account_key);
  EXPECT_EQ(peer.pin->least, kTwo[1].list);
  PeerTable table;
  table[peer.address] = std::make_shared<const Peer>(peer);
  const auto again = ContactsOf(table);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].account_key, kTwo[1].account_key);
  EXPECT_EQ(again[0].list, kTwo[1].list);
}

TEST(BackupCodec, StrangersStayBehind) {
  PeerTable table;
  for (const auto state : {ContactState::kNone, ContactState::kRequested, ContactState::kAsking,
                           ContactState::kAccepted, ContactState::kBlocked}) {
    BackedUpContact contact = kTwo[1];
    contact.address = *identity::Address::Parse(std::to_string(static_cast<int>(state)) + "x@x.y");
    contact.state = state;
    table[contact.address] = std::make_shared<const Peer>(PeerOf(contact, Timestamp{5}));
  }
  std::vector<ContactState> taken;
  for (const BackedUpContact& contact : ContactsOf(table)) taken.push_back(contact.state);
  EXPECT_EQ(taken, (std::vector<ContactState>{ContactState::kRequested, ContactState::kAccepted,
                                              ContactState::kBlocked}));
}

}  // namespace
}  // namespace pawl::client
