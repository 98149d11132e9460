#include "linker/relay_view.h"

#include <algorithm>

#include "identity/device_list.h"
#include "relay/engine/sqlite/database.h"
#include "support/matchers.h"
#include "wire/frames.h"
#include "wire/tokens.h"

namespace pawl::linker {
namespace {

template <typename T>
T Must(absl::StatusOr<T> result) {
  EXPECT_THAT(result, test::IsOk());
  return *std::move(result);
}

std::string TextOf(ByteView bytes) { return std::string(AsText(bytes)); }

template <typename Struct>
ByteView ViewOf(const Struct& bytes) {
  return {bytes.bytes()->data(), bytes.bytes()->size()};
}

// The `req` of a client's frame; 0 where it has none.
template <typename... Bodies>
uint64_t AnyReq(const Bodies*... bodies) {
  uint64_t req = 0;
  ((bodies != nullptr ? static_cast<void>(req = bodies->req()) : static_cast<void>(0)), ...);
  return req;
}
uint64_t ReqOf(const wire::fb::Frame& frame) {
  return AnyReq(frame.body_as_Register(), frame.body_as_DirPut(), frame.body_as_EpochPut(),
                frame.body_as_PrekeyPut(), frame.body_as_DeliveryKeyPut(), frame.body_as_DirGet(),
                frame.body_as_PrekeyTake(), frame.body_as_Send(), frame.body_as_AnchorPut(),
                frame.body_as_BlobBegin(), frame.body_as_BlobChunk(), frame.body_as_BlobCommit(),
                frame.body_as_BlobDelete(), frame.body_as_BlobGet(), frame.body_as_TokenKeysGet(),
                frame.body_as_TokenIssue());
}

// So many commits are between two readings of the other tables.
constexpr uint64_t kReadRowsEvery = 16;

// Whose the row is, then what it holds, in so many columns.
struct Reading {
  const char* table;
  int columns;
  Literal sql;
};
constexpr Reading kRows[] = {
    {"account", 6,
     "SELECT name, name, delivery_key, old_delivery_key, account_key, list_hash, "
     "list FROM account"},
    {"mailbox", 1,
     "SELECT a.name || '/' || m.device, m.signing_key FROM mailbox m"
     " JOIN account a ON a.id = m.account"},
    {"device_keys", 4,
     "SELECT a.name || '/' || m.device, k.epoch_record, k.bundle, k.anchor, k.token_request FROM "
     "device_keys k"
     " JOIN mailbox m USING (mbox) JOIN account a ON a.id = m.account"},
    {"one_time", 1,
     "SELECT a.name || '/' || m.device, o.record FROM one_time o"
     " JOIN mailbox m USING (mbox) JOIN account a ON a.id = m.account"},
    {"seen", 1,
     "SELECT a.name || '/' || m.device, s.mid FROM seen s"
     " JOIN mailbox m USING (mbox) JOIN account a ON a.id = m.account"},
    {"blob", 2,
     "SELECT coalesce(a.name, ''), b.id, b.owner FROM blob b"
     " LEFT JOIN account a ON a.id = b.account"},
    {"token_seed", 1, "SELECT '', seed FROM token_seed"},
    {"spent_token", 1, "SELECT '', serial FROM spent_token"},
    {"invitation", 1, "SELECT '', hash FROM invitation"},
    {"removed_account", 1, "SELECT '', hash FROM removed_account"},
};

}  // namespace

Recorder::Recorder(test::RelayWorld& relay) : relay_(relay) {
  rows_ = Must(relay::engine::sqlite::OpenToRead({relay.folder(), {}, {}}));
  relay.on_wire = [this](Conn connection, bool from_client, ByteView message) {
    OnWire(connection, from_client, message);
  };
  relay.on_stored = [this] { OnStored(); };
  ReadColumns();
}

void Recorder::OnWire(Conn connection, bool from_client, ByteView message) {
  const Timestamp now = relay_.clock().Now();
  SeenConnection& seen =
      view_.connections.try_emplace(connection, SeenConnection{now, now}).first->second;
  seen.until = now;
  const Bytes aligned = ToBytes(message);
  wire::FrameReader reader(aligned);
  while (const auto frame = reader.Next()) {
    from_client ? OnFrame(connection, *frame) : OnAnswer(connection, *frame);
  }
}

void Recorder::OnFrame(Conn connection, const wire::FrameView& frame) {
  SeenConnection& seen = view_.connections.at(connection);
  const wire::fb::Frame& header = *frame.header;
  OnRequest(connection, header);
  if (const uint64_t req = ReqOf(header)) {
    if (seen.first_req == 0) seen.first_req = req;
    seen.last_req = req;
  }
  if (header.body_as_Send()) return OnSend(connection, frame);
  if (header.body_as_BlobBegin()) return OnBegin(connection, frame);
  OnSecret(connection, header);
  if (header.body_as_BlobChunk()) return;  // what it holds is for the recipient, and sealed
  if (!frame.payload.empty()) seen.said.push_back(ToBytes(frame.payload));
  if (const auto* hello = header.body_as_Hello()) {
    seen.said.push_back(ToBytes(ViewOf(*hello->nonce())));
    if (hello->mode() == wire::fb::Mode::Device) {
      seen.authenticated =
          std::string(wire::ToText(hello->account())) + "/" + std::to_string(hello->device());
    }
  } else if (const auto* auth = header.body_as_Auth()) {
    seen.said.push_back(ToBytes(ViewOf(*auth->signature())));
  } else if (const auto* key = header.body_as_DeliveryKeyPut()) {
    seen.said.push_back(ToBytes(ViewOf(*key->key())));
  } else if (const auto* made = header.body_as_Register()) {
    const auto parts = wire::Split(*made, frame.payload);
    const auto list = Must(identity::DeviceList::Parse(parts->device_list));
    seen.registered = list.fields().address.ToString();
  }
}

void Recorder::OnSend(Conn connection, const wire::FrameView& frame) {
  const auto& send = *frame.header->body_as_Send();
  const std::string account(wire::ToText(send.account()));
  view_.envelopes.push_back({.at = relay_.clock().Now(),
                             .connection = connection,
                             .req = send.req(),
                             .to = account + "/" + std::to_string(send.device()),
                             .account = account,
                             .id = TextOf(ViewOf(*send.id())),
                             .body = ToBytes(frame.payload)});
  if (send.delivery_key())
    view_.envelopes.back().delivery_key = ToBytes(ViewOf(*send.delivery_key()));
}

void Recorder::OnBegin(Conn connection, const wire::FrameView& frame) {
  const auto& begin = *frame.header->body_as_BlobBegin();
  SeenUpload upload{
      .at = relay_.clock().Now(), .connection = connection, .id = TextOf(ViewOf(*begin.id()))};
  if (begin.owner()) upload.shown.push_back(ToBytes(ViewOf(*begin.owner())));
  for (const wire::Token& token : Must(wire::ParseTokens(frame.payload))) {
    upload.shown.push_back(ToBytes(token.serial));
    upload.shown.push_back(ToBytes(token.mac));
  }
  view_.uploads.push_back(std::move(upload));
}

// What it is about, if that is a blob or somebody's public records.
void Recorder::OnRequest(Conn connection, const wire::fb::Frame& header) {
  SeenConnection& seen = view_.connections.at(connection);
  const auto blob = [&](const auto* body) {
    if (body != nullptr) seen.blobs.insert(TextOf(ViewOf(*body->id())));
  };
  blob(header.body_as_BlobBegin());
  blob(header.body_as_BlobChunk());
  blob(header.body_as_BlobCommit());
  blob(header.body_as_BlobGet());
  blob(header.body_as_BlobDelete());
  const auto account = [&](const auto* body) {
    if (body != nullptr) seen.looked_up.emplace(wire::ToText(body->account()));
  };
  account(header.body_as_DirGet());
  account(header.body_as_PrekeyTake());
}

// Whoever says it on two connections is one.
void Recorder::OnSecret(Conn connection, const wire::fb::Frame& header) {
  const wire::fb::Bytes32* secret = nullptr;
  if (const auto* chunk = header.body_as_BlobChunk()) secret = chunk->secret();
  if (const auto* commit = header.body_as_BlobCommit()) secret = commit->secret();
  if (const auto* remove = header.body_as_BlobDelete()) secret = remove->secret();
  if (secret != nullptr) view_.connections.at(connection).said.push_back(ToBytes(ViewOf(*secret)));
}

void Recorder::OnAnswer(Conn connection, const wire::FrameView& frame) {
  const auto* issued = frame.header->body_as_TokensIssued();
  if (issued == nullptr) return;
  SeenConnection& seen = view_.connections.at(connection);
  seen.issued.push_back(ToBytes(ViewOf(*issued->proof())));
  seen.issued.push_back(ToBytes(frame.payload));
}

void Recorder::OnStored() {
  auto query =
      Must(rows_->Prepare("SELECT id, mbox, mid, body FROM envelope WHERE id > ? ORDER BY id"));
  query.BindAll(last_row_);
  while (Must(query.Step())) {
    last_row_ = query.Int(0);
    view_.stored.push_back(
        {.mailbox = query.Int(1), .id = TextOf(query.Blob(2)), .body = ToBytes(query.Blob(3))});
  }
  if (++commits_ % kReadRowsEvery == 0) ReadRows();
}

void Recorder::ReadRows() {
  for (const auto& [table, columns, sql] : kRows) {
    auto query = Must(rows_->Prepare(sql));
    while (Must(query.Step())) {
      StoredRow row{.table = table, .owner = std::string(query.Text(0))};
      for (int column = 1; column <= columns; ++column) {
        row.values.push_back(ToBytes(query.Blob(column)));
      }
      view_.rows.insert(std::move(row));
    }
  }
}

void Recorder::ReadColumns() {
  auto query = Must(rows_->Prepare(
      "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name)"
      " c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"));
  while (Must(query.Step())) view_.columns.emplace(query.Text(0));
}

}  // namespace pawl::linker
