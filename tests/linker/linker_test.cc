// Sealed sender, as far as it goes: of a thousand messages a relay knows to whom they went, when,
// and how large they were, and nothing that joins them. The linker that finds nothing must find
// what there is to be found once the tags are constant, or the envelopes come on the connection
// that says who sends.

#include "linker/linker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linker/conversation.h"

namespace pawl::linker {
namespace {

using ::testing::UnorderedElementsAre;

constexpr int kMessages = 1000;
constexpr int kFewMessages = 150;  // enough for a linker that has something to find

// What one anonymous connection carries is of one sender, whoever that is: so none lasts.
void ExpectShortConnections(const RelayView& view) {
  size_t anonymous = 0;
  for (const auto& [id, connection] : view.connections) {
    if (!connection.authenticated.empty()) continue;
    ++anonymous;
    EXPECT_LE(connection.until - connection.from, Minutes(21));
  }
  EXPECT_GT(anonymous, 16u) << "more than the one that registered, and another one";
}

TEST(Linker, FindsNothingInAThousandMessages) {
  Conversation conversation(Flaw::kNone);
  conversation.Talk(kMessages);
  EXPECT_EQ(conversation.received(), conversation.expected()) << "the conversation took place";
  const RelayView& view = conversation.view();
  EXPECT_GT(view.envelopes.size(), 3u * kMessages);
  EXPECT_GT(view.stored.size(), 2u * kMessages);
  const Links links = FindLinks(view);
  EXPECT_EQ(links.senders.size(), 0u);
  EXPECT_EQ(links.same_session.size(), 0u);
  EXPECT_EQ(links.conversing.size(), 0u);
  EXPECT_EQ(links.same_client.size(), 0u);
  EXPECT_EQ(links.same_key.size(), 0u);
  EXPECT_EQ(links.strange_rows.size(), 0u);
  EXPECT_GE(conversation.files(), kMessages / Conversation::kFileEvery);
  EXPECT_EQ(conversation.files_arrived(), kMessages / Conversation::kFileEvery);
  EXPECT_GE(view.uploads.size(), conversation.files());
  EXPECT_EQ(links.uploaders.size(), 0u);
  EXPECT_EQ(conversation.blobs_of_accounts(), 0u);
  EXPECT_THAT(view.columns,
              UnorderedElementsAre("envelope.id", "envelope.mbox", "envelope.mid",
                                   "envelope.received", "envelope.expires", "envelope.flags",
                                   "envelope.body", "seen.id", "seen.mbox", "seen.mid", "seen.at"))
      << "there is no place for a sender";
  ExpectShortConnections(view);
}

TEST(Linker, FindsTheSessionsBehindConstantTags) {
  Conversation conversation(Flaw::kConstantTags);
  conversation.Talk(kFewMessages);
  EXPECT_EQ(conversation.received(), conversation.expected());
  const RelayView& view = conversation.view();
  const Links links = FindLinks(view);
  ASSERT_GT(links.same_session.size(), view.envelopes.size());
  // By who sent them and to whom: each claim is true, and no two that belong together are missed.
  const auto pair_of = [&](const SeenEnvelope& envelope) {
    std::pair<Mailbox, Mailbox> pair(conversation.SenderOf(envelope.id), envelope.to);
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

TEST(Linker, FindsTheSendersOnDeviceConnections) {
  Conversation conversation(Flaw::kSendsOnDeviceConnection);
  conversation.Talk(kFewMessages);
  EXPECT_EQ(conversation.received(), conversation.expected());
  const Links links = FindLinks(conversation.view());
  size_t named = 0;
  for (const auto& [id, sender] : links.senders) {
    EXPECT_EQ(sender, conversation.SenderOf(id));
    ++named;
  }
  EXPECT_GE(named * 100, conversation.view().envelopes.size() * 99);
  EXPECT_GE(links.conversing.size(), 10u);
  ASSERT_GT(conversation.files(), 0u);
  EXPECT_EQ(links.uploaders.size(), conversation.files());
  for (const auto& [blob, uploader] : links.uploaders) {
    EXPECT_EQ(uploader, conversation.UploaderOf(blob));
  }
}

TEST(Linker, FindsTheUploadersBehindTokensThatWereSeenWhenTheyWereIssued) {
  Conversation conversation(Flaw::kNone);
  conversation.Talk(kFewMessages);
  RelayView view = conversation.view();
  ASSERT_GT(view.uploads.size(), 0u);
  const SeenUpload& upload = view.uploads.front();
  ASSERT_GT(upload.shown.size(), 1u);
  for (auto& [id, connection] : view.connections) {
    if (connection.authenticated != conversation.UploaderOf(upload.id)) continue;
    ASSERT_TRUE(FindLinks(view).uploaders.empty());
    connection.issued.push_back(upload.shown[1]);  // a serial that was not blinded
    break;
  }
  const Links links = FindLinks(view);
  ASSERT_EQ(links.uploaders.size(), 1u);
  EXPECT_EQ(links.uploaders.begin()->second, conversation.UploaderOf(upload.id));
}

}  // namespace
}  // namespace pawl::linker
