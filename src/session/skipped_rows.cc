#include "session/skipped_rows.h"

#include <utility>

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::session {
namespace {

using ratchet::braid::PqKeyId;
using ratchet::braid::SkippedPqKey;
using ratchet::braid::SkippedPqMap;

// In place of a receiving chain's number, which never comes so far.
constexpr uint32_t kIsPostQuantum = UINT32_MAX;

absl::Status InsertPq(const SkippedRow& row, SkippedPqMap& skipped) {
  codec::Reader name(row.tag.value());
  PqKeyId id;
  id.epoch = ratchet::braid::Epoch(name.U64());
  id.index = name.U32();
  codec::Reader in(row.value.Expose());
  in.U32();
  SkippedPqKey key;
  if (in.U32() != id.index || name.U32() != 0) in.SetFailed();
  key.expires_at.ms = static_cast<int64_t>(in.U64());
  in.Copy(key.key.Writable());
  PAWL_TRY(in.Finish());
  if (skipped.size() >= ratchet::braid::kMaxSkippedPqKeys ||
      !skipped.emplace(id, std::move(key)).second) {
    return Fail(Code::kMalformed, "a post-quantum key too many");
  }
  return OkStatus();
}

}  // namespace

SkippedRow ToRow(const RouteTag& tag, const ratchet::SkippedKey& key) {
  SkippedRow row{tag, SkippedRowValue::Zero()};
  ratchet::EncodeSkippedKey(key, row.value.Writable());
  return row;
}

SkippedRow ToRow(const PqKeyId& id, const SkippedPqKey& key) {
  SkippedRow row{RowName(id), SkippedRowValue::Zero()};
  codec::FixedWriter(row.value.Writable())
      .U32(kIsPostQuantum)
      .U32(id.index)
      .U64(static_cast<uint64_t>(key.expires_at.ms))
      .Raw(key.key.Expose());
  return row;
}

RouteTag RowName(const PqKeyId& id) {
  RouteTag::Underlying name{};
  codec::FixedWriter(name).U64(*id.epoch).U32(id.index);
  return RouteTag(name);
}

absl::Status InsertRow(const SkippedRow& row, const ratchet::Core& core,
                       ratchet::SkippedKeys& skipped, SkippedPqMap& skipped_pq) {
  PAWL_ASSIGN(ratchet::SkippedKey key, ratchet::DecodeSkippedKey(row.value.Expose()));
  if (key.serial == kIsPostQuantum) return InsertPq(row, skipped_pq);
  if (core.HeadersOf(key.serial) == nullptr) {
    return Fail(Code::kMalformed, "skipped key of an unknown chain");
  }
  if (skipped.size() >= ratchet::kMaxSkippedKeys || !skipped.Insert(row.tag, std::move(key))) {
    return Fail(Code::kMalformed, "a skipped key too many");
  }
  return OkStatus();
}

}  // namespace pawl::session
