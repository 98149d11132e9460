#include "wire/frame_parts.h"

#include <algorithm>

#include "wire/client_frames.h"

namespace pawl::wire {
namespace {

// Cuts a payload into parts of announced sizes; Finish is true when they were all there and used it
// up.
class Cutter {
 public:
  explicit Cutter(ByteView payload) : rest_(payload) {}

  ByteView Next(uint32_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const ByteView part = rest_.first(size);
    rest_ = rest_.subspan(size);
    return part;
  }

  absl::Status Finish() const {
    return ok_ && rest_.empty() ? OkStatus()
                                : Fail(Code::kMalformed, "payload does not match its sizes");
  }

 private:
  ByteView rest_;
  bool ok_ = true;
};

template <typename Packed, size_t N = sizeof(Packed)>
ByteArray<N> Unpack(const Packed& packed) {
  ByteArray<N> out;
  std::copy_n(packed.bytes()->data(), N, out.begin());
  return out;
}

}  // namespace

ByteArray<16> ToArray(const fb::Bytes16& bytes) { return Unpack(bytes); }
ByteArray<32> ToArray(const fb::Bytes32& bytes) { return Unpack(bytes); }
ByteArray<64> ToArray(const fb::Bytes64& bytes) { return Unpack(bytes); }

std::string_view ToText(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view() : std::string_view(text->c_str(), text->size());
}

absl::StatusOr<RegisterParts> Split(const fb::Register& header, ByteView payload) {
  Cutter cut(payload);
  RegisterParts parts;
  parts.device_list = cut.Next(header.list_size());
  parts.epoch_record = cut.Next(header.epoch_size());
  PAWL_TRY(cut.Finish());
  return parts;
}

absl::StatusOr<PrekeyPutParts> Split(const fb::PrekeyPut& header, ByteView payload) {
  Cutter cut(payload);
  PrekeyPutParts parts;
  parts.bundle = cut.Next(header.bundle_size());
  if (header.one_time_sizes() != nullptr) {
    if (header.one_time_sizes()->size() > kMaxOneTimePerPut) {
      return Fail(Code::kTooLarge, "too many one-time records");
    }
    for (uint32_t size : *header.one_time_sizes()) parts.one_time.push_back(cut.Next(size));
  }
  PAWL_TRY(cut.Finish());
  return parts;
}

absl::StatusOr<ReadyParts> Split(const fb::Ready& header, ByteView payload) {
  if (header.epoch_record_size() > payload.size()) {
    return Fail(Code::kMalformed, "parts beyond the payload");
  }
  const size_t note = payload.size() - header.epoch_record_size();
  return ReadyParts{payload.first(note), payload.subspan(note)};
}

absl::StatusOr<PrekeyResultParts> Split(const fb::PrekeyResult& header, ByteView payload) {
  Cutter cut(payload);
  PrekeyResultParts parts;
  parts.epoch_record = cut.Next(header.epoch_size());
  parts.bundle = cut.Next(header.bundle_size());
  parts.one_time = cut.Next(header.one_time_size());
  PAWL_TRY(cut.Finish());
  return parts;
}

absl::Status ToStatus(const fb::Error& error) {
  const auto code = static_cast<Code>(error.code());
  // CodeName knows every code of this release; a newer relay's becomes a plain refusal.
  if (code == Code::kOk || CodeName(code).empty()) {
    return Fail(Code::kRelayRefused, "the relay refused for a reason unknown to this release");
  }
  return Fail(code, "the relay refused");
}

}  // namespace pawl::wire
