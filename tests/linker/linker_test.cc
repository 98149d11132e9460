// Sealed sender, as far as it goes: of a thousand messages a relay knows to whom they went, when,
// and how large they were, and nothing that joins them. The linker that finds nothing must find
// what there is to be found once the tags are constant, or the envelopes come on the connection
// that says who sends.

#include "linker/linker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "linker/conversation.h"
#include "linker/flaws.h"

namespace pawl::linker {
namespace {

using ::testing::UnorderedElementsAre;

constexpr int kMessages = 1000;
constexpr size_t kFewEnvelopes = 600;  // enough for a linker that has something to find

// One conversation, which all of them look at.
class Linker : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    talk_ = std::make_unique<Conversation>();
    talk_->Talk(kMessages);
    links_ = std::make_unique<Links>(FindLinks(talk_->view()));
  }
  static void TearDownTestSuite() {
    links_.reset();
    talk_.reset();
  }

  static const Conversation& talk() { return *talk_; }
  // What is found in it as it was.
  static const Links& links() { return *links_; }
  static std::string AccountOf(const Mailbox& mailbox) {
    return mailbox.substr(0, mailbox.find('/'));
  }
  // One that its client may have several of.
  static Conn DeviceConnectionOf(const Mailbox& owner) {
    for (const auto& [id, connection] : talk().view().connections) {
      if (connection.authenticated == owner) return id;
    }
    ADD_FAILURE() << owner << " was never there";
    return {};
  }
  // An anonymous connection with envelopes on it, of an account that was not registered on it.
  static Conn SomeAnonymousConnection() {
    for (const SeenEnvelope& envelope : talk().view().envelopes) {
      const SeenConnection& on = talk().view().connections.at(envelope.connection);
      if (on.authenticated.empty() && on.registered.empty()) return envelope.connection;
    }
    ADD_FAILURE() << "nothing was sent";
    return {};
  }

 private:
  static std::unique_ptr<Conversation> talk_;
  static std::unique_ptr<Links> links_;
};
std::unique_ptr<Conversation> Linker::talk_;
std::unique_ptr<Links> Linker::links_;

TEST_F(Linker, TheConversationTookPlace) {
  EXPECT_EQ(talk().received(), talk().expected());
  const RelayView& view = talk().view();
  EXPECT_GT(view.envelopes.size(), 3u * kMessages);
  EXPECT_GT(view.stored.size(), 2u * kMessages);
  EXPECT_GE(talk().files(), kMessages / Conversation::kFileEvery);
  EXPECT_EQ(talk().files_arrived(), kMessages / Conversation::kFileEvery);
  EXPECT_EQ(talk().files_fetched(), kMessages / Conversation::kFileEvery / 2);
  EXPECT_GE(view.uploads.size(), talk().files());
  for (const char* table : {"account", "mailbox", "device_keys", "one_time", "seen", "blob",
                            "token_seed", "spent_token"}) {
    EXPECT_TRUE(std::any_of(view.rows.begin(), view.rows.end(), [&](const StoredRow& row) {
      return row.table == table;
    })) << table;
  }
}

TEST_F(Linker, FindsNothingInAThousandMessages) {
  EXPECT_EQ(links().senders.size(), 0u);
  EXPECT_EQ(links().same_session.size(), 0u);
  EXPECT_EQ(links().conversing.size(), 0u);
  EXPECT_EQ(links().same_client.size(), 0u);
  EXPECT_EQ(links().owners.size(), 0u);
  EXPECT_EQ(links().uploaders.size(), 0u);
  EXPECT_EQ(links().same_payer.size(), 0u);
  EXPECT_EQ(links().announcing.size(), 0u);
  EXPECT_EQ(links().same_key.size(), 0u);
  EXPECT_EQ(links().strange_rows.size(), 0u);
}

// Who sees both ends of a blob joins two connections; which two, and no more, is said in
// SECURITY.md.
TEST_F(Linker, JoinsAnUploadWithItsOwnDownloadAndWithNothingElse) {
  EXPECT_EQ(links().same_blob.size(), talk().files_fetched());
  for (const auto& [blob, connections] : links().same_blob) {
    std::set<Mailbox> ends = talk().FetchersOf(blob);
    EXPECT_EQ(ends.size(), 1u);
    ends.insert(talk().UploaderOf(blob));
    std::set<Mailbox> joined;
    for (const Conn connection : connections) {
      EXPECT_TRUE(talk().view().connections.at(connection).authenticated.empty());
      joined.insert(talk().OwnerOf(connection));
    }
    EXPECT_EQ(joined, ends);
  }
}

// What one anonymous connection carries is of one sender, whoever that is: so none lasts.
TEST_F(Linker, NoAnonymousConnectionTellsMuchForLong) {
  const RelayView& view = talk().view();
  EXPECT_GT(links().by_connection.size(), 16u) << "more than the one that registered, and another";
  std::map<Mailbox, size_t> sent;
  for (const SeenEnvelope& envelope : view.envelopes) ++sent[talk().OwnerOf(envelope.connection)];
  size_t most = 0;
  for (const auto& [id, carried] : links().by_connection) {
    const SeenConnection& connection = view.connections.at(id);
    const Mailbox owner = talk().OwnerOf(id);
    EXPECT_LE(connection.until - connection.from, Minutes(21));
    EXPECT_FALSE(carried.looked_up.contains(AccountOf(owner)))
        << "one's own records are asked for where one says who one is";
    EXPECT_FALSE(carried.mailboxes.contains(owner));
    if (!connection.registered.empty()) {
      EXPECT_EQ(carried.envelopes, 0u);
      EXPECT_TRUE(carried.blobs.empty());
    }
    most = std::max(most, carried.envelopes * 100 / sent[owner]);
  }
  EXPECT_LE(most, 50u) << "percent of what one device sent in about an hour";
  RecordProperty("most_percent_on_one_connection", static_cast<int>(most));
}

TEST_F(Linker, NoTableHasAPlaceForASender) {
  std::map<std::string, std::set<std::string>> tables;
  for (const std::string& name : talk().view().columns) {
    tables[name.substr(0, name.find('.'))].insert(name.substr(name.find('.') + 1));
  }
  EXPECT_THAT(tables["envelope"],
              UnorderedElementsAre("id", "mbox", "mid", "received", "expires", "flags", "body"));
  EXPECT_THAT(tables["seen"], UnorderedElementsAre("id", "mbox", "mid", "at"));
  EXPECT_THAT(tables["blob"], UnorderedElementsAre("id", "account", "size", "committed", "expires",
                                                   "owner", "latest"));
  EXPECT_THAT(tables["spent_token"], UnorderedElementsAre("period", "serial"));
  EXPECT_THAT(
      tables["account"],
      UnorderedElementsAre("id", "name", "delivery_key", "old_delivery_key",
                           "old_delivery_key_until", "blob_bytes", "account_key", "list_version",
                           "list_hash", "list", "token_period", "token_bytes"));
  EXPECT_THAT(tables["mailbox"], UnorderedElementsAre("mbox", "account", "device", "signing_key",
                                                      "n_messages", "n_bytes", "n_requests"));
  EXPECT_THAT(tables["device_keys"], UnorderedElementsAre("mbox", "epoch", "epoch_record", "bundle",
                                                          "anchor", "token_request"));
  EXPECT_THAT(tables["one_time"],
              UnorderedElementsAre("id", "mbox", "prekey", "expires", "record"));
  EXPECT_EQ(tables.size(), 12u) << "tables that nobody reads here";
}

// --- That it bites ---

TEST_F(Linker, FindsTheSessionsBehindConstantTags) {
  const RelayView view = WithConstantTags(talk(), kFewEnvelopes);
  const Links links = FindLinks(view);
  ASSERT_GT(links.same_session.size(), view.envelopes.size());
  // By who sent them and to whom: each claim is true, and no two that belong together are missed.
  const auto pair_of = [&](const SeenEnvelope& envelope) {
    std::pair<Mailbox, Mailbox> pair(talk().SenderOf(envelope.id), envelope.to);
    if (pair.second < pair.first) std::swap(pair.first, pair.second);
    return pair;
  };
  std::map<std::pair<Mailbox, Mailbox>, size_t> size;
  for (const SeenEnvelope& envelope : view.envelopes) {
    ++size[pair_of(envelope)];
  }
  size_t pairs = 0;
  for (const auto& [pair, count] : size) pairs += count * (count - 1) / 2;
  for (const auto& [a, b] : links.same_session) {
    EXPECT_EQ(pair_of(view.envelopes[a]), pair_of(view.envelopes[b]));
  }
  EXPECT_EQ(links.same_session.size(), pairs);
  EXPECT_GE(links.conversing.size(), 10u) << "mailboxes that answer each other";
}

TEST_F(Linker, FindsTheSendersOnDeviceConnections) {
  const RelayView view = WithSendsOnDeviceConnections(talk());
  const Links links = FindLinks(view);
  size_t named = 0;
  for (const auto& [id, sender] : links.senders) {
    EXPECT_EQ(sender, talk().SenderOf(id));
    ++named;
  }
  EXPECT_GE(named * 100, view.envelopes.size() * 99);
  EXPECT_GE(links.conversing.size(), 10u);
  ASSERT_GT(talk().files(), 0u);
  EXPECT_EQ(links.uploaders.size(), talk().files());
  for (const auto& [blob, uploader] : links.uploaders) {
    EXPECT_EQ(uploader, talk().UploaderOf(blob));
  }
}

TEST_F(Linker, FindsTheUploadersBehindTokensThatWereSeenWhenTheyWereIssued) {
  RelayView view = talk().view();
  ASSERT_GT(view.uploads.size(), 0u);
  const SeenUpload& upload = view.uploads.front();
  ASSERT_GT(upload.shown.size(), 1u);
  const Mailbox uploader = talk().UploaderOf(upload.id);
  // A serial that was not blinded.
  view.connections.at(DeviceConnectionOf(uploader)).issued.push_back(upload.shown[1]);
  const Links links = FindLinks(view);
  ASSERT_EQ(links.uploaders.size(), 1u);
  EXPECT_EQ(links.uploaders.begin()->second, uploader);
}

TEST_F(Linker, FindsBlobsThatAreLaidToAnAccountOrPaidWithOneToken) {
  RelayView view = talk().view();
  ASSERT_GT(view.uploads.size(), 1u);
  SeenUpload& first = view.uploads.front();
  SeenUpload& last = view.uploads.back();
  ASSERT_NE(first.id, last.id);
  last.shown.push_back(first.shown[0]);
  view.rows.insert(
      {.table = "blob", .owner = "alice@example.org", .values = {ToBytes(AsBytes(last.id))}});
  const Links links = FindLinks(view);
  EXPECT_EQ(links.same_payer.size(), 1u);
  ASSERT_EQ(links.uploaders.size(), 1u);
  EXPECT_EQ(links.uploaders.begin()->first, last.id);
}

TEST_F(Linker, FindsWhoFetchesAsHimself) {
  RelayView view = talk().view();
  const std::string blob = view.uploads.front().id;
  view.connections.at(DeviceConnectionOf("dave@example.org/2")).blobs.insert(blob);
  const Links links = FindLinks(view);
  const std::set<Conn>& joined = links.same_blob.at(blob);
  EXPECT_TRUE(std::any_of(joined.begin(), joined.end(), [&](Conn connection) {
    return !view.connections.at(connection).authenticated.empty();
  }));
}

TEST_F(Linker, FindsABlobThatAnEnvelopeShows) {
  RelayView view = talk().view();
  SeenEnvelope& envelope = view.envelopes.back();
  const std::string& blob = view.uploads.front().id;
  std::copy_n(blob.begin(), 16, envelope.body.begin() + 101);
  EXPECT_EQ(FindLinks(view).announcing, std::set<EnvelopeKey>{envelope.id});
}

TEST_F(Linker, FindsTheAccountWhoseRecordsAreSaidOrLookedUp) {
  RelayView view = talk().view();
  const Conn anonymous = SomeAnonymousConnection();
  const auto record = std::find_if(view.rows.begin(), view.rows.end(), [](const StoredRow& row) {
    return row.table == "device_keys" && row.owner == "carol@example.org/1";
  });
  ASSERT_NE(record, view.rows.end());
  view.connections.at(anonymous).said.push_back(record->values[0]);
  view.connections.at(DeviceConnectionOf("erin@example.org/1")).looked_up.insert("bob@example.org");
  const Links links = FindLinks(view);
  EXPECT_EQ(links.owners.at(anonymous), "carol@example.org/1");
  EXPECT_GT(links.senders.size(), 0u) << "all that went over that connection";
  EXPECT_TRUE(links.conversing.contains({"bob@example.org", "erin@example.org"}));
}

TEST_F(Linker, FindsMailThatTheDatabaseLaysToAnother) {
  RelayView view = talk().view();
  view.rows.insert({.table = "seen",
                    .owner = "nobody@example.org/1",
                    .values = {ToBytes(AsBytes(view.envelopes.front().id))}});
  EXPECT_EQ(FindLinks(view).strange_rows.size(), 1u);
}

}  // namespace
}  // namespace pawl::linker
