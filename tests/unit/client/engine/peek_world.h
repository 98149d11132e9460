#ifndef PAWL_TESTS_UNIT_CLIENT_ENGINE_PEEK_WORLD_H_
#define PAWL_TESTS_UNIT_CLIENT_ENGINE_PEEK_WORLD_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/engine/content_view.h"
#include "client/engine/conversation.h"
#include "client/engine/inbound.h"
#include "client/engine/peek.h"
#include "client/engine/reducers.h"
#include "support/step_world.h"
#include "wire/content_builder.h"

namespace pawl::client {

using test::IsOk;
using test::Must;

// Alice's store, Bob who writes to her, and somebody who looks on.
class PeekWorld : public ::testing::Test {
 protected:
  PeekWorld() {
    world_.MakeAccount();
    EXPECT_THAT(world_.Step([](Batch& batch) -> absl::Status {
      PAWL_TRY(MakeOneTimePairs(batch, 1));
      Self self = batch.self->Clone();
      self.registered = true;
      batch.Replace(std::move(self));
      return SaveSelf(batch);
    }),
                IsOk());
  }

  session::Session Begin(test::OneTime one_time = test::OneTime::kYes) {
    const Self& us = *world_.state().self;
    const auto bundle =
        Must(identity::Bundle::Parse(Must(world_.state()
                                              .bundle_keys->front()
                                              .MakeBundle(us.device, world_.clock.Now())
                                              .Sign(us.signing)),
                                     us.signing.pub()));
    const auto rows = world_.Read([](store::Transaction& tx) {
      return Must(tx.prekeys().LoadKind(store::PrekeyKind::kOneTime));
    });
    std::optional<identity::OneTimePair> pair;
    if (one_time == test::OneTime::kYes) {
      pair = Must(identity::OneTimePair::Parse(rows.at(0).public_record, us.signing.pub()));
    }
    return Must(session::Initiate({.local = bob_.local,
                                   .remote = session::PublicPart(us.device),
                                   .bundle = bundle,
                                   .one_time = pair ? &*pair : nullptr,
                                   .suites = bob_.keys.suites},
                                  world_.clock.Now(), bob_.rng));
  }
  wire::ContentHeader Header() {
    return {.id = MessageId(bob_.rng.Array<16>()),
            .sent_at = world_.clock.Now(),
            .conversation = ConversationOf(world_.state().self->address(), bobs_.account)};
  }
  template <typename Body>
  Bytes WriteBody(session::Session& session, const Body& body) {
    const auto content = Must(wire::Build(Header(), body));
    return Must(test::Send(session, AsText(content.view()), bob_.rng));
  }
  Bytes Write(session::Session& session, std::string_view text) {
    return WriteBody(session, wire::Text{text});
  }
  // The relay's id of an envelope, made of its bytes.
  static EnvelopeId IdOf(ByteView envelope) {
    ByteArray<16> id{};
    const auto hash = crypto::Blake2b256({envelope});
    std::copy_n(hash.begin(), id.size(), id.begin());
    return EnvelopeId(id);
  }
  // The client receives it.
  void Deliver(ByteView envelope) {
    EXPECT_THAT(world_.Step([&](Batch& batch) {
      return Reduce(batch, EnvelopeArrived{.cursor = MailboxCursor(++cursor_),
                                           .id = IdOf(envelope),
                                           .received_at = batch.now,
                                           .bytes = envelope});
    }),
                IsOk());
  }
  // A session that both sides have used: what Bob writes on it comes by route tags.
  session::Session Established() {
    session::Session session = Begin();
    Deliver(Write(session, "hello"));
    const auto entries = world_.state().sessions.With(bobs_);
    EXPECT_EQ(entries.size(), 1u);
    Bytes reply;
    EXPECT_THAT(world_.Step([&](Batch& batch) -> absl::Status {
      PAWL_ASSIGN(
          reply,
          batch.sessions.StageOf(entries[0]->id).Seal(AsBytes("hi"), {}, batch.now, batch.rng));
      batch.sessions.Sealed(entries[0]->id);
      return OkStatus();
    }),
                IsOk());
    EXPECT_THAT(test::Receive(session, reply), test::IsOkAndHolds("hi"));
    return session;
  }
  std::vector<Peeked> Look(const std::vector<Bytes>& envelopes,
                           const std::vector<identity::DeviceList>& lists = {}) {
    std::vector<PeekInput> inputs;
    for (const Bytes& envelope : envelopes) {
      inputs.push_back({.id = IdOf(envelope), .received_at = Timestamp{7}, .bytes = envelope});
    }
    const auto snapshot = world_.Look();
    return Must(Peek(*snapshot, std::move(inputs), lists, world_.clock.Now()));
  }
  Peeked LookAt(const Bytes& envelope, const std::vector<identity::DeviceList>& lists = {}) {
    auto all = Look({envelope}, lists);
    EXPECT_EQ(all.size(), 1u);
    return std::move(all.at(0));
  }
  static std::string TextOf(const Peeked& item) {
    const auto view = ContentView::Parse(item.content.Expose());
    if (!view.ok()) return "";
    const auto* text = std::get_if<TextView>(&view->body);
    return text ? std::string(text->text) : "";
  }
  std::vector<std::string> Received() {
    std::vector<std::string> texts;
    for (const Event& event : world_.Events()) {
      if (event.kind != EventKind::kMessage) continue;
      const auto view = Must(ContentView::Parse(event.content.Expose()));
      texts.emplace_back(std::get<TextView>(view.body).text);
    }
    return texts;
  }

  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::DeviceAddress bobs_ = bob_.local.address;
  int64_t cursor_ = 0;
};

}  // namespace pawl::client

#endif  // PAWL_TESTS_UNIT_CLIENT_ENGINE_PEEK_WORLD_H_
