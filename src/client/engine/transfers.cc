#include "client/engine/transfers.h"

#include <string>
#include <utility>

#include "client/engine/conversation.h"
#include "client/engine/inbox.h"
#include "client/engine/outbound.h"
#include "client/engine/reducers.h"
#include "wire/content.h"
#include "wire/content_builder.h"

namespace pawl::client {
namespace {

using store::TransferKind;
using store::TransferRow;
using store::TransferState;

absl::StatusOr<crypto::BlobKey> KeyOf(const TransferRow& row) {
  const ByteView key = row.key.Expose();
  if (key.size() != crypto::BlobKey::kSize) return Fail(Code::kCorrupt, "blob key size");
  return crypto::BlobKey::From(std::span<const uint8_t, crypto::BlobKey::kSize>(key));
}

absl::StatusOr<BlobSecret> SecretOf(const TransferRow& row) {
  const ByteView secret = row.secret.Expose();
  if (secret.size() != BlobSecret::kSize) return Fail(Code::kCorrupt, "blob secret size");
  return BlobSecret::From(std::span<const uint8_t, BlobSecret::kSize>(secret));
}

absl::StatusOr<TransferJob> JobOf(Batch& batch, const TransferRow& row) {
  PAWL_ASSIGN(crypto::BlobKey key, KeyOf(row));
  if (row.kind == TransferKind::kUpload) {
    PAWL_ASSIGN(BlobSecret secret, SecretOf(row));
    PAWL_ASSIGN(const auto given, batch.tx.tokens().LoadAllotted(row.id));
    return TransferJob(StartUpload{.message = row.message,
                                   .path = row.path,
                                   .blob = row.blob,
                                   .key = std::move(key),
                                   .checkpoint = ToBytes(row.checkpoint.Expose()),
                                   .secret = std::move(secret),
                                   .begun = row.begun,
                                   .shown = !given.empty()});
  }
  return TransferJob(StartDownload{.message = row.message,
                                   .path = row.path,
                                   .blob = row.blob,
                                   .key = std::move(key),
                                   .root = row.root,
                                   .size = row.size,
                                   .padded_size = row.padded_size,
                                   .checkpoint = ToBytes(row.checkpoint.Expose())});
}

// The transfer under way for a message; a message has one at a time.
absl::StatusOr<std::optional<TransferRow>> FindActive(Batch& batch, const MessageId& message) {
  PAWL_ASSIGN(auto rows, batch.tx.transfers().LoadMessage(message));
  for (TransferRow& row : rows) {
    if (row.state == TransferState::kActive) return std::optional<TransferRow>(std::move(row));
  }
  return std::optional<TransferRow>();
}

absl::Status Begin(Batch& batch, RequestId request, const TransferRow& row) {
  PAWL_TRY(batch.tx.transfers().Insert(row).status());
  PAWL_ASSIGN(TransferJob job, JobOf(batch, row));
  batch.effects.transfers.push_back(std::move(job));
  batch.requests.transfers[row.message] = request;
  return OkStatus();
}

absl::Status RecordEnd(Batch& batch, const TransferRow& row, Code code) {
  PAWL_ASSIGN(const auto conversation, batch.tx.conversations().Find(row.conversation));
  Event event;
  event.kind = EventKind::kAttachment;
  if (conversation) {
    PAWL_ASSIGN(event.peer, identity::Address::Parse(conversation->peer));
  }
  event.conversation = row.conversation;
  event.message = row.message;
  event.code = code;
  if (row.kind == TransferKind::kDownload) event.text = row.path;
  return Record(batch, event);
}

// With the row go the tokens that it was given: they were shown to the relay, or may have been, and
// must pay for nothing else.
absl::Status End(Batch& batch, const TransferRow& row, Code code, Duration retry_after = {}) {
  batch.purse.unpaid.erase(row.message);
  PAWL_TRY(batch.tx.transfers().Erase(row.id));
  batch.erased_content = true;  // keys, and what joins the blob to the account
  PAWL_TRY(RecordEnd(batch, row, code));
  if (auto it = batch.requests.transfers.find(row.message); it != batch.requests.transfers.end()) {
    batch.Complete(it->second, code, {}, retry_after);
    batch.requests.transfers.erase(it);
  }
  if (row.kind == TransferKind::kDownload) return OkStatus();
  batch.effects.transfers.push_back(ForgetUpload{row.message});
  if (code == Code::kOk) return OkStatus();
  PAWL_ASSIGN(const auto conversation, batch.tx.conversations().Find(row.conversation));
  if (!conversation) return OkStatus();
  PAWL_ASSIGN(const auto peer, identity::Address::Parse(conversation->peer));
  return Advance(batch, peer, row.message, store::MessageState::kFailed, code).status();
}

absl::StatusOr<wire::ContentBytes> BuildPointer(const wire::ContentHeader& header,
                                                const TransferRow& row,
                                                const wire::Attachment& shown) {
  wire::Attachment body = shown;
  body.blob = row.blob;
  body.key = row.key.Expose();
  body.root = row.root;
  body.size = row.size;
  body.padded_size = row.padded_size;
  return wire::Build(header, body);
}

// What a person sees of it; the rest is the transfer's.
wire::Attachment ShownOf(const wire::fb::Attachment& a) {
  const auto text = [](const flatbuffers::String* s) {
    return s ? wire::ToText(*s) : std::string_view();
  };
  wire::Attachment shown;
  shown.name = text(a.name());
  shown.media_type = text(a.media_type());
  if (a.thumbnail()) shown.thumbnail = wire::ToView(*a.thumbnail());
  shown.caption = text(a.caption());
  return shown;
}

wire::Attachment ShownOf(const SendFile& command) {
  wire::Attachment shown;
  shown.name = command.name;
  shown.media_type = command.media_type;
  shown.thumbnail = command.thumbnail.Expose();
  shown.caption = AsText(command.caption.Expose());
  return shown;
}

TransferRow NewUpload(Batch& batch, const SendFile& command) {
  TransferRow row;
  row.kind = TransferKind::kUpload;
  row.conversation = ConversationOf(batch.own_address(), command.to);
  row.message = command.id;
  row.sender = batch.own_address().ToString();
  row.blob = BlobId(batch.rng.Array<32>());
  row.path = command.path;
  row.name = command.name;
  row.media_type = command.media_type;
  row.key = crypto::SecretBytes(crypto::BlobKey::kSize);
  batch.rng.Fill(row.key.Writable());
  row.secret = crypto::SecretBytes(BlobSecret::kSize);
  batch.rng.Fill(row.secret.Writable());
  row.created_at = batch.now;
  return row;
}

// One that an earlier release began in the account's name: that blob is left to expire, and this
// one is another, of nobody known. Its pointer is made when it has ended.
absl::Status BeginAnew(Batch& batch, TransferRow& row) {
  row.blob = BlobId(batch.rng.Array<32>());
  row.secret = crypto::SecretBytes(BlobSecret::kSize);
  batch.rng.Fill(row.secret.Writable());
  row.begun = false;
  return batch.tx.transfers().SetBlob(row.id, row.blob, row.secret);
}

// A received or own attachment message, by its id alone: ids are random, and where a stranger used
// one twice the first has it.
absl::StatusOr<std::optional<store::MessageRow>> FindAttachment(Batch& batch,
                                                                const MessageId& message) {
  PAWL_ASSIGN(auto rows, batch.tx.messages().FindById(message));
  for (store::MessageRow& row : rows) {
    const auto content = wire::VerifyContent(row.content.Expose());
    if (content.ok() && (*content)->body_as_Attachment()) {
      return std::optional<store::MessageRow>(std::move(row));
    }
  }
  return std::optional<store::MessageRow>();
}

absl::Status Stop(Batch& batch, const TransferRow& row, Code code, Duration retry_after = {}) {
  batch.effects.transfers.push_back(StopTransfer{row.message});
  return End(batch, row, code, retry_after);
}

}  // namespace

absl::StatusOr<std::optional<TransferRow>> FindUpload(Batch& batch, const MessageId& message) {
  PAWL_ASSIGN(auto row, FindActive(batch, message));
  if (row && row->kind != TransferKind::kUpload) row.reset();
  return row;
}

absl::Status FailUpload(Batch& batch, const MessageId& message, Code code, Duration retry_after) {
  PAWL_ASSIGN(const auto row, FindUpload(batch, message));
  return row ? Stop(batch, *row, code, retry_after) : OkStatus();
}

absl::Status CancelUploads(Batch& batch, const ConversationId& conversation, Code code) {
  PAWL_ASSIGN(const auto rows, batch.tx.transfers().LoadState(TransferState::kActive));
  for (const TransferRow& row : rows) {
    if (row.kind != TransferKind::kUpload || row.conversation != conversation) continue;
    PAWL_TRY(Stop(batch, row, code));
  }
  return OkStatus();
}

absl::Status CancelUpload(Batch& batch, const ConversationId& conversation,
                          const MessageId& message) {
  PAWL_ASSIGN(const auto row, FindActive(batch, message));
  if (!row || row->kind != TransferKind::kUpload || row->conversation != conversation) {
    return OkStatus();
  }
  return Stop(batch, *row, Code::kCancelled);
}

absl::Status RestartTransfers(Batch& batch) {
  if (batch.transfers_started) return OkStatus();
  batch.transfers_started = true;
  PAWL_ASSIGN(auto rows, batch.tx.transfers().LoadState(TransferState::kActive));
  for (TransferRow& row : rows) {
    if (row.kind == TransferKind::kUpload && row.path.empty()) {
      PAWL_TRY(End(batch, row, Code::kCancelled));  // its source died with the process
      continue;
    }
    if (row.kind == TransferKind::kUpload && row.secret.empty()) PAWL_TRY(BeginAnew(batch, row));
    PAWL_ASSIGN(TransferJob job, JobOf(batch, row));
    batch.effects.transfers.push_back(std::move(job));
  }
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const SendFile& command) {
  PAWL_TRY(CheckRecipient(batch, command.to));
  const TransferRow row = NewUpload(batch, command);
  const wire::ContentHeader header{.id = command.id,
                                   .sent_at = batch.now,
                                   .conversation = row.conversation,
                                   .expires_in_s = command.expires_in_s};
  PAWL_ASSIGN(const auto content, BuildPointer(header, row, ShownOf(command)));
  PAWL_ASSIGN(const auto parsed, wire::VerifyContent(content.view()));
  PAWL_TRY(InsertOwnMessage(batch, command.to, content.view(), *parsed,
                            store::MessageState::kQueued, batch.self->device.address.device));
  PAWL_TRY(RecordQueued(batch, command.to, command.id, store::MessageState::kQueued));
  return Begin(batch, request, row);
}

absl::Status Reduce(Batch& batch, RequestId request, const FetchFile& command) {
  if (!batch.self) return Fail(Code::kWrongState, "no account yet");
  PAWL_ASSIGN(const auto message, FindAttachment(batch, command.message));
  if (!message) return Fail(Code::kNotFound, "no such attachment");
  PAWL_ASSIGN(const auto active, FindActive(batch, command.message));
  if (active) return Fail(Code::kWrongState, "a transfer of it is under way");
  PAWL_ASSIGN(const auto content, wire::VerifyContent(message->content.Expose()));
  const wire::fb::Attachment& a = *content->body_as_Attachment();
  TransferRow row;
  row.kind = TransferKind::kDownload;
  row.conversation = message->conversation;
  row.message = message->id;
  row.sender = message->sender;
  BlobId::Underlying blob;
  std::copy(a.blob()->begin(), a.blob()->end(), blob.begin());
  row.blob = BlobId(blob);
  row.path = command.path;
  row.size = a.size();
  row.padded_size = a.padded_size();
  row.key = crypto::SecretBytes::From(wire::ToView(*a.key()));
  std::copy(a.root()->begin(), a.root()->end(), row.root.begin());
  row.created_at = batch.now;
  return Begin(batch, request, row);
}

absl::Status Reduce(Batch& batch, RequestId request, const CancelTransfer& command) {
  PAWL_ASSIGN(const auto row, FindActive(batch, command.message));
  if (!row) return Fail(Code::kNotFound, "no transfer of it is under way");
  PAWL_TRY(Stop(batch, *row, Code::kCancelled));
  batch.Complete(request, Code::kOk);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, const TransferCheckpoint& input) {
  PAWL_ASSIGN(const auto row, FindActive(batch, input.message));
  if (!row) return OkStatus();
  PAWL_TRY(batch.tx.transfers().Progress(
      {.id = row->id, .done = input.done, .checkpoint = input.checkpoint}));
  Event event;
  event.kind = EventKind::kProgress;
  event.at = batch.now;
  event.message = input.message;
  event.conversation = row->conversation;
  event.done = input.done;
  event.total = input.total;
  if (auto it = batch.requests.transfers.find(input.message);
      it != batch.requests.transfers.end()) {
    event.request = it->second;
  }
  batch.effects.events.push_back(std::move(event));
  return OkStatus();
}

absl::Status Reduce(Batch& batch, const UploadFinished& input) {
  PAWL_ASSIGN(auto row, FindActive(batch, input.message));
  if (!row || row->kind != TransferKind::kUpload) return OkStatus();
  row->root = input.root;
  row->size = input.size;
  row->padded_size = input.padded_size;
  const store::MessageName name{row->conversation, row->sender, row->message};
  PAWL_ASSIGN(const auto message, batch.tx.messages().Find(name));
  PAWL_ASSIGN(const auto conversation, batch.tx.conversations().Find(row->conversation));
  if (!message || !conversation) return End(batch, *row, Code::kNotFound);
  PAWL_ASSIGN(const auto to, identity::Address::Parse(conversation->peer));
  const Peer* peer = batch.peers.Find(to);
  if (peer && peer->blocked()) return Stop(batch, *row, Code::kBlocked);
  const auto parsed = wire::VerifyContent(message->content.Expose());
  // Deleted while its file was on the way.
  if (!parsed.ok() || !(*parsed)->body_as_Attachment()) return Stop(batch, *row, Code::kCancelled);
  const auto& shown = *parsed;
  const wire::ContentHeader header{.id = row->message,
                                   .sent_at = message->sent_at,
                                   .conversation = row->conversation,
                                   .expires_in_s = shown->expires_in_s()};
  PAWL_ASSIGN(const auto content,
              BuildPointer(header, *row, ShownOf(*shown->body_as_Attachment())));
  PAWL_TRY(batch.tx.messages().SetContent(name, content.view()));
  PAWL_TRY(DispatchMessage(batch, to, row->message, content.view()));
  if (batch.IsOwn(to)) {
    PAWL_TRY(Advance(batch, to, row->message, store::MessageState::kConfirmed).status());
  }
  return End(batch, *row, Code::kOk);
}

absl::Status Reduce(Batch& batch, const DownloadFinished& input) {
  PAWL_ASSIGN(const auto row, FindActive(batch, input.message));
  if (!row || row->kind != TransferKind::kDownload) return OkStatus();
  return End(batch, *row, Code::kOk);
}

absl::Status Reduce(Batch& batch, const TransferFailed& input) {
  PAWL_ASSIGN(const auto row, FindActive(batch, input.message));
  return row ? End(batch, *row, input.code, input.retry_after) : OkStatus();
}

}  // namespace pawl::client
