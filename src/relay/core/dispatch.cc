#include "relay/core/dispatch.h"

#include "relay/core/accounts.h"
#include "relay/core/blobs.h"
#include "relay/core/delivery.h"
#include "relay/core/prekeys.h"
#include "relay/core/sending.h"
#include "relay/core/session.h"
#include "relay/core/tokens.h"

namespace pawl::relay {
namespace {

using wire::fb::FrameBody;
using wire::fb::Mode;

// PROTOCOL.md §1, the table.
bool IsForDevice(FrameBody type) {
  return type == FrameBody::TokenIssue || type == FrameBody::DirPut ||
         type == FrameBody::EpochPut || type == FrameBody::PrekeyPut ||
         type == FrameBody::DeliveryKeyPut || type == FrameBody::AnchorPut ||
         type == FrameBody::Ack || type == FrameBody::Credit;
}
bool IsForAnonymous(FrameBody type) {
  return type == FrameBody::Register || type == FrameBody::Send || type == FrameBody::TokenKeysGet;
}
bool IsForBoth(FrameBody type) {
  return type == FrameBody::DirGet || type == FrameBody::PrekeyTake || type == FrameBody::BlobGet ||
         type == FrameBody::BlobBegin || type == FrameBody::BlobChunk ||
         type == FrameBody::BlobCommit || type == FrameBody::BlobDelete;
}

bool IsAllowed(Mode mode, FrameBody type) {
  switch (mode) {
    case Mode::Device:
      return IsForDevice(type) || IsForBoth(type);
    case Mode::Anonymous:
      return IsForAnonymous(type) || IsForBoth(type);
    case Mode::Peek:
      return type == FrameBody::Fetch;
  }
  return false;
}

bool IsFromClient(FrameBody type) {
  return type > FrameBody::NONE && type <= FrameBody::TokenIssue;
}

// The `req` of a frame, whichever it is; 0 where it has none.
template <typename... Bodies>
uint64_t FirstReq(const Bodies*... bodies) {
  uint64_t req = 0;
  ((bodies != nullptr ? static_cast<void>(req = bodies->req()) : static_cast<void>(0)), ...);
  return req;
}
uint64_t ReqOf(const wire::fb::Frame& frame) {
  return FirstReq(frame.body_as_Register(), frame.body_as_DirPut(), frame.body_as_EpochPut(),
                  frame.body_as_PrekeyPut(), frame.body_as_DeliveryKeyPut(), frame.body_as_DirGet(),
                  frame.body_as_PrekeyTake(), frame.body_as_Send(), frame.body_as_Fetch(),
                  frame.body_as_BlobBegin(), frame.body_as_BlobChunk(), frame.body_as_BlobCommit(),
                  frame.body_as_BlobGet(), frame.body_as_BlobDelete(), frame.body_as_AnchorPut(),
                  frame.body_as_TokenKeysGet(), frame.body_as_TokenIssue());
}

void OnRequest(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::Frame& header = *frame.header;
  if (header.body_as_Send()) return OnSend(step, connection, frame);
  if (const auto* body = header.body_as_Ack()) return OnAck(step, connection, *body);
  if (const auto* body = header.body_as_Credit()) return OnCredit(step, connection, *body);
  if (const auto* body = header.body_as_Fetch()) return OnFetch(step, connection, *body);
  if (header.body_as_Register()) return OnRegister(step, connection, frame);
  if (header.body_as_DirPut()) return OnDirPut(step, connection, frame);
  if (const auto* body = header.body_as_DirGet()) return OnDirGet(step, connection, *body);
  if (header.body_as_EpochPut()) return OnEpochPut(step, connection, frame);
  if (header.body_as_PrekeyPut()) return OnPrekeyPut(step, connection, frame);
  if (const auto* body = header.body_as_PrekeyTake()) return OnPrekeyTake(step, connection, *body);
  if (const auto* body = header.body_as_DeliveryKeyPut()) {
    return OnDeliveryKeyPut(step, connection, *body);
  }
  if (header.body_as_AnchorPut()) return OnAnchorPut(step, connection, frame);
  if (header.body_as_BlobBegin()) return OnBlobBegin(step, connection, frame);
  if (header.body_as_BlobChunk()) return OnBlobChunk(step, connection, frame);
  if (const auto* body = header.body_as_BlobCommit()) return OnBlobCommit(step, connection, *body);
  if (const auto* body = header.body_as_BlobGet()) return OnBlobGet(step, connection, *body);
  if (const auto* body = header.body_as_BlobDelete()) return OnBlobDelete(step, connection, *body);
  if (header.body_as_TokenIssue()) return OnTokenIssue(step, connection, frame);
  if (const auto* body = header.body_as_TokenKeysGet()) {
    return OnTokenKeysGet(step, connection, *body);
  }
}

// A result of another type than the purpose's is the engine's defect; the client is told of a
// failed storage.
template <typename R, typename Use>
void With(const engine::Result& result, const Use& use) {
  R failed;
  failed.code = Code::kInternal;
  const R* const value = std::get_if<R>(&result);
  use(value != nullptr ? *value : failed);
}

void OnLiveResult(Step& step, Connection& connection, const Pending& pending,
                  const engine::Result& result) {
  const uint64_t req = pending.req;
  const auto finish = [&](auto reducer) {
    return [&, reducer](const auto& value) { reducer(step, connection, req, value); };
  };
  switch (pending.purpose) {
    case Purpose::kAuthenticate:
      return With<engine::GotList>(
          result, [&](const auto& value) { FinishAuthenticate(step, connection, value); });
    case Purpose::kAttach:
      return With<engine::Attached>(
          result, [&](const auto& value) { FinishAttach(step, connection, value); });
    case Purpose::kDeliver:
      return With<engine::FetchedMail>(
          result, [&](const auto& value) { FinishDeliver(step, connection, value); });
    case Purpose::kBlobAppend:
      return With<engine::BlobAppended>(
          result, [&](const auto& value) { FinishBlobAppend(step, connection, pending, value); });
    case Purpose::kTokenIssue:
      return With<engine::TokensCounted>(
          result, [&](const auto& value) { FinishTokenIssue(step, connection, pending, value); });
    case Purpose::kPeek:
      return With<engine::FetchedMail>(result, finish(FinishPeek));
    case Purpose::kLookup:
      return With<engine::GotList>(result, finish(FinishLookup));
    case Purpose::kPutEpoch:
      return With<engine::EpochPut>(result, finish(FinishEpochPut));
    case Purpose::kPutPrekeys:
      return With<engine::PrekeysPut>(result, finish(FinishPrekeyPut));
    case Purpose::kTakePrekey:
      return With<engine::PrekeyTaken>(result, finish(FinishPrekeyTake));
    case Purpose::kPutKey:
      return With<engine::Done>(result, finish(FinishDone));
    case Purpose::kBlobBegin:
      return With<engine::BlobBegun>(result, finish(FinishBlobBegin));
    case Purpose::kBlobCommit:
      return With<engine::BlobCommitted>(result, finish(FinishBlobCommit));
    case Purpose::kBlobRead:
      return With<engine::BlobRead>(result, finish(FinishBlobRead));
    case Purpose::kBlobDelete:
      return With<engine::BlobDeleted>(result, finish(FinishBlobDelete));
    case Purpose::kAcknowledge:
    case Purpose::kExpire:
    case Purpose::kRemovals:
    case Purpose::kTokenSeed:
    case Purpose::kRegister:
    case Purpose::kPutList:
    case Purpose::kSend:
      return;  // of OnResult
  }
}

}  // namespace

void OnFrame(Step& step, Connection& connection, const wire::FrameView& frame) {
  if (const auto* hello = frame.header->body_as_Hello()) return OnHello(step, connection, *hello);
  if (const auto* auth = frame.header->body_as_Auth()) return OnAuth(step, connection, *auth);
  if (connection.stage != Stage::kReady) {
    return step.Violate(connection, Code::kWrongState, CloseCode::kWrongOrder);
  }
  const uint64_t req = ReqOf(*frame.header);
  if (!IsFromClient(frame.type())) return step.Refuse(connection, req, Code::kUnsupported);
  if (!IsAllowed(connection.mode, frame.type())) {
    return step.Refuse(connection, req, Code::kWrongState);
  }
  OnRequest(step, connection, frame);
}

void OnResult(Step& step, Connection* connection, const Pending& pending, engine::Result result) {
  Connection* const alive =
      connection == nullptr || connection->stage == Stage::kClosing ? nullptr : connection;
  const Purpose purpose = pending.purpose;
  if (purpose == Purpose::kSend) {
    With<engine::Appended>(result,
                           [&](const auto& value) { FinishSend(step, alive, pending, value); });
  } else if (purpose == Purpose::kRegister || purpose == Purpose::kPutList) {
    With<engine::ListPut>(result,
                          [&](const auto& value) { FinishListPut(step, alive, pending, value); });
  } else if (purpose == Purpose::kAcknowledge) {
    With<engine::Acknowledged>(result,
                               [&](const auto& value) { FinishAck(step, alive, pending, value); });
  } else if (purpose == Purpose::kRemovals) {
    step.state.asking_removals = false;
    step.state.next_removals = step.now + kRemovalInterval;
    With<engine::Removals>(result, [&](const auto& value) { DropDevices(step, value.mailboxes); });
  } else if (purpose == Purpose::kTokenSeed) {
    With<engine::GotTokenSeed>(result, [&](const auto& value) { FinishTokenSeed(step, value); });
  } else if (purpose == Purpose::kExpire) {
    With<engine::Expired>(result, [&](const auto& value) {
      step.state.expiring = false;
      // The next stretch comes with the next tick.
      step.state.next_expiry = step.now + (value.more ? Duration() : kExpiryInterval);
    });
  } else if (alive != nullptr) {
    OnLiveResult(step, *alive, pending, result);
  }
}

}  // namespace pawl::relay
