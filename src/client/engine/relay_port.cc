#include "client/engine/relay_port.h"

#include <utility>

#include "wire/frames.h"

namespace pawl::client {
namespace {

namespace fb = wire::fb;

// Each call as the frame that carries it. The frame borrows the call.
struct Sender {
  transport::Connection& connection;
  transport::Turn turn;

  template <typename Frame>
  absl::StatusOr<transport::RequestNumber> Request(Frame frame) const {
    return connection.Request(std::move(frame), kCallTimeout, turn);
  }

  absl::StatusOr<transport::RequestNumber> operator()(const SendEnvelope& call) const {
    const std::string account = call.to.account.ToString();
    return Request(wire::Send{.account = account,
                              .device = call.to.device,
                              .id = call.id,
                              .ttl_s = static_cast<uint32_t>(call.ttl.ms / 1000),
                              .urgent = call.urgent,
                              .ephemeral = call.ephemeral,
                              .request = !call.delivery_key,
                              .delivery_key = call.delivery_key,
                              .follows = call.follows,
                              .envelope = call.envelope});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const RegisterAccount& call) const {
    return Request(wire::Register{.invitation = call.invitation,
                                  .device_list = call.list_record,
                                  .epoch_record = call.epoch_record});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const PutDirectory& call) const {
    return Request(wire::DirPut{.device_list = call.list_record});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const PutEpoch& call) const {
    return Request(wire::EpochPut{.expected = call.expected, .epoch_record = call.epoch_record});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const PutPrekeys& call) const {
    return Request(wire::PrekeyPut{.bundle = call.bundle, .one_time = call.one_time});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const PutDeliveryKey& call) const {
    return Request(wire::DeliveryKeyPut{.key = call.key});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const PutNote& call) const {
    return Request(wire::AnchorPut{.anchor = call.note});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const GetDirectory& call) const {
    const std::string account = call.account.ToString();
    return Request(wire::DirGet{.account = account});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const TakePrekeys& call) const {
    const std::string account = call.device.account.ToString();
    return Request(wire::PrekeyTake{.account = account, .device = call.device.device});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const GetTokenKeys&) const {
    return Request(wire::TokenKeysGet{});
  }
  absl::StatusOr<transport::RequestNumber> operator()(const IssueTokens& call) const {
    return Request(wire::TokenIssue{
        .id = call.id, .period = call.period, .large = call.large, .blinded = call.blinded});
  }
};

decltype(Reply::body) BodyOf(const wire::FrameView& frame) {
  const fb::Frame& header = *frame.header;
  if (header.body_as_Ok()) return Done{};
  if (const auto* sent = header.body_as_Sent()) {
    return Sent{.duplicate = sent->duplicate(), .list_version = sent->list_version()};
  }
  if (header.body_as_DirResult()) return DirectoryRecord{frame.payload};
  if (const auto* result = header.body_as_PrekeyResult()) {
    const auto parts = wire::Split(*result, frame.payload);
    if (parts.ok()) return PrekeyRecords{parts->epoch_record, parts->bundle, parts->one_time};
  }
  if (const auto* keys = header.body_as_TokenKeys()) {
    return TokenKeysRecord{.period = keys->period(),
                           .until = Timestamp{keys->until_ms()},
                           .small = wire::ToArray(*keys->small()),
                           .large = wire::ToArray(*keys->large())};
  }
  if (const auto* issued = header.body_as_TokensIssued()) {
    return TokensRecord{.proof = wire::ToArray(*issued->proof()), .evaluated = frame.payload};
  }
  return Refused{.code = Code::kMalformed};
}

}  // namespace

std::optional<Reply> RelayPort::Submit(const Call& call, transport::Turn turn) {
  auto request = std::visit(Sender{*connection_, turn}, call.body);
  if (request.ok()) {
    calls_[*request] = call.id;
    return std::nullopt;
  }
  return Reply{
      .channel = channel_, .call = call.id, .body = Refused{.code = CodeOf(request.status())}};
}

std::optional<Input> RelayPort::FromDelivered(const wire::FrameView& frame) const {
  if (frame.type() == fb::FrameBody::Empty) return Input(MailboxEmpty{});
  if (frame.type() != fb::FrameBody::Message) return std::nullopt;
  const fb::Message& message = *frame.header->body_as_Message();
  return Input(EnvelopeArrived{.cursor = MailboxCursor(message.cursor()),
                               .id = EnvelopeId(wire::ToArray(*message.id())),
                               .received_at = Timestamp{message.received_ms()},
                               .bytes = frame.payload});
}

std::optional<Input> RelayPort::FromState(const transport::Status& status) {
  if (status.state == transport::State::kAuthenticating) return std::nullopt;
  if (status.state == transport::State::kConnecting && !up_) {
    return Input(ChannelConnecting{channel_});
  }
  up_ = status.state == transport::State::kOnline;
  if (up_) return Input(ready_);
  // Whatever was asked on the connection that ended has ended as RequestFailed before.
  calls_.clear();
  return Input(ChannelDown{.channel = channel_, .code = status.cause, .retry_at = status.until});
}

std::optional<Reply> RelayPort::End(transport::RequestNumber request, decltype(Reply::body) body) {
  auto call = calls_.extract(request);
  if (call.empty()) return std::nullopt;  // one of the runner's own
  return Reply{.channel = channel_, .call = call.mapped(), .body = std::move(body)};
}

std::optional<Input> RelayPort::Convert(const transport::Effect& effect) {
  if (const auto* state = std::get_if<transport::StateChanged>(&effect)) {
    return FromState(state->status);
  }
  if (const auto* ready = std::get_if<transport::Ready>(&effect)) {
    ready_ = {.channel = channel_,
              .one_time_left = ready->one_time_left,
              .list_version = ready->list_version,
              .epoch = ready->epoch,
              .note = ToBytes(ready->anchor),
              .epoch_record = ToBytes(ready->epoch_record)};
    return std::nullopt;
  }
  if (const auto* delivered = std::get_if<transport::Delivered>(&effect)) {
    return FromDelivered(delivered->frame);
  }
  if (const auto* answered = std::get_if<transport::Answered>(&effect)) {
    return End(answered->request, BodyOf(answered->frame));
  }
  if (const auto* failed = std::get_if<transport::RequestFailed>(&effect)) {
    return End(failed->request, Refused{.code = failed->code, .retry_after = failed->retry_after});
  }
  return std::nullopt;
}

}  // namespace pawl::client
