#include "ratchet/core.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "ratchet/all_zero.h"

namespace pawl::ratchet {
namespace {

enum Presence : uint8_t {
  kHasOwn = 1,
  kHasPeer = 2,
  kHasSending = 4,
  kHasReceiving = 8,
  kHasResumption = 16,
  kSendingResumed = 32,
  kAllPresence = 63,
};

// Sections that are absent are zeros of the same length, so that each state has one encoding and
// all encodings one length. SectionReader hands out a section's bytes and notices others than zero
// in an absent one.
void WriteZeros(codec::FixedWriter& out, size_t size) {
  for (size_t i = 0; i < size; ++i) out.U8(0);
}

void WriteHeaders(codec::FixedWriter& out, const HeaderKeys& keys) {
  out.Raw(keys.header.Expose()).Raw(keys.tag.Expose());
}

HeaderKeys ReadHeaders(codec::Reader& in) {
  HeaderKeys keys;
  in.Copy(keys.header.Writable());
  in.Copy(keys.tag.Writable());
  return keys;
}

constexpr size_t kHeaderKeysSize = 64;
constexpr size_t kOwnSize = 64;
constexpr size_t kPeerSize = 32;
constexpr size_t kSendingSize = 32 + kHeaderKeysSize + 4;
constexpr size_t kReceivingSize = 4 + 32 + kHeaderKeysSize + 4;
constexpr size_t kClosedSize = 4 + kHeaderKeysSize;
constexpr size_t kMaxClosed = kMaxReceivingChains - 1;
constexpr size_t kResumptionSize = 1 + 32;
static_assert(kCoreSize == 2 + 32 + kOwnSize + kPeerSize + kSendingSize + kReceivingSize +
                               2 * kHeaderKeysSize + 4 + 4 + 1 + kMaxClosed * kClosedSize +
                               kResumptionSize);

uint8_t PresenceOf(const Core& core) {
  uint8_t bits = 0;
  if (core.own) bits |= kHasOwn;
  if (core.peer) bits |= kHasPeer;
  if (core.sending) bits |= kHasSending;
  if (core.receiving) bits |= kHasReceiving;
  if (core.resumption) bits |= kHasResumption;
  if (core.sending && core.sending->resumed) bits |= kSendingResumed;
  return bits;
}

void WriteChains(codec::FixedWriter& out, const Core& core) {
  if (core.sending) {
    out.Raw(core.sending->key.Expose());
    WriteHeaders(out, core.sending->headers);
    out.U32(core.sending->n);
  } else {
    WriteZeros(out, kSendingSize);
  }
  if (core.receiving) {
    out.U32(core.receiving->serial).Raw(core.receiving->key.Expose());
    WriteHeaders(out, core.receiving->headers);
    out.U32(core.receiving->n);
  } else {
    WriteZeros(out, kReceivingSize);
  }
}

void WriteClosed(codec::FixedWriter& out, const Core& core) {
  out.U8(static_cast<uint8_t>(core.closed.size()));
  for (const ClosedChain& chain : core.closed) {
    out.U32(chain.serial);
    WriteHeaders(out, chain.headers);
  }
  WriteZeros(out, (kMaxClosed - core.closed.size()) * kClosedSize);
}

// Reads a section of fixed size with `read` when it is present.
template <typename Read>
void ReadSection(codec::Reader& in, size_t size, bool present, const Read& read) {
  const ByteView section = in.Fixed(size);
  if (!in.ok()) return;
  codec::Reader section_in(section);
  if (present) {
    read(section_in);
  } else if (!AllZero(section)) {
    in.SetFailed();
  }
}

void ReadChains(codec::Reader& in, uint8_t bits, Core& core) {
  ReadSection(in, kSendingSize, bits & kHasSending, [&](codec::Reader& section) {
    core.sending.emplace();
    section.Copy(core.sending->key.Writable());
    core.sending->headers = ReadHeaders(section);
    core.sending->n = section.U32();
    core.sending->resumed = (bits & kSendingResumed) != 0;
  });
  ReadSection(in, kReceivingSize, bits & kHasReceiving, [&](codec::Reader& section) {
    core.receiving.emplace();
    core.receiving->serial = section.U32();
    section.Copy(core.receiving->key.Writable());
    core.receiving->headers = ReadHeaders(section);
    core.receiving->n = section.U32();
  });
}

void ReadClosed(codec::Reader& in, Core& core) {
  const uint8_t count = in.U8();
  if (count > kMaxClosed) in.SetFailed();
  for (size_t i = 0; i < kMaxClosed; ++i) {
    ReadSection(in, kClosedSize, i < count, [&](codec::Reader& section) {
      const uint32_t serial = section.U32();
      core.closed.push_back({serial, ReadHeaders(section)});
    });
  }
}

void ReadResumption(codec::Reader& in, uint8_t bits, Core& core) {
  ReadSection(in, kResumptionSize, bits & kHasResumption, [&](codec::Reader& section) {
    const uint8_t use = section.U8();
    if (use != 1 && use != 2) return in.SetFailed();
    core.resumption.emplace();
    core.resumption->use = static_cast<Resumption::Use>(use);
    section.Copy(core.resumption->secret.Writable());
  });
}

// The diagram in core.h, and serials that ascend.
bool IsReachable(const Core& core, uint8_t bits) {
  if (!core.own && !core.peer) return false;
  if (core.own && !crypto::IsCanonicalX25519(core.own->pub)) return false;
  if (core.peer && !crypto::IsCanonicalX25519(*core.peer)) return false;
  if (core.sending && !(core.own && core.peer)) return false;
  if (!core.sending && (bits & kSendingResumed) != 0) return false;
  if (core.receiving && !core.peer) return false;
  if (!core.receiving && !core.closed.empty()) return false;
  uint64_t least = 0;
  for (const ClosedChain& chain : core.closed) {
    if (chain.serial < least) return false;
    least = uint64_t{chain.serial} + 1;
  }
  if (core.receiving) {
    if (core.receiving->serial < least) return false;
    least = uint64_t{core.receiving->serial} + 1;
  }
  return core.next_serial == least;
}

}  // namespace

Core Core::Clone() const {
  Core copy;
  copy.root = root.Clone();
  if (own) copy.own = own->Clone();
  copy.peer = peer;
  if (sending) copy.sending = sending->Clone();
  if (receiving) copy.receiving = receiving->Clone();
  copy.next_send = next_send.Clone();
  copy.next_receive = next_receive.Clone();
  copy.previous_sent = previous_sent;
  copy.next_serial = next_serial;
  for (const ClosedChain& chain : closed) copy.closed.push_back(chain.Clone());
  if (resumption) copy.resumption = resumption->Clone();
  return copy;
}

const HeaderKeys* Core::HeadersOf(uint32_t serial) const {
  if (receiving && receiving->serial == serial) return &receiving->headers;
  for (const ClosedChain& chain : closed) {
    if (chain.serial == serial) return &chain.headers;
  }
  return nullptr;
}

void EncodeCore(const Core& core, std::span<uint8_t, kCoreSize> out) {
  codec::FixedWriter writer(out);
  writer.U8(kCoreVersion).U8(PresenceOf(core)).Raw(core.root.Expose());
  if (core.own) {
    writer.Raw(core.own->secret.Expose()).Raw(core.own->pub);
  } else {
    WriteZeros(writer, kOwnSize);
  }
  if (core.peer) {
    writer.Raw(*core.peer);
  } else {
    WriteZeros(writer, kPeerSize);
  }
  WriteChains(writer, core);
  WriteHeaders(writer, core.next_send);
  WriteHeaders(writer, core.next_receive);
  writer.U32(core.previous_sent).U32(core.next_serial);
  WriteClosed(writer, core);
  if (core.resumption) {
    writer.U8(static_cast<uint8_t>(core.resumption->use)).Raw(core.resumption->secret.Expose());
  } else {
    WriteZeros(writer, kResumptionSize);
  }
}

absl::StatusOr<Core> DecodeCore(ByteView bytes) {
  codec::Reader in(bytes);
  if (in.U8() != kCoreVersion && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "ratchet state of another version");
  }
  const uint8_t bits = in.U8();
  if ((bits & ~kAllPresence) != 0) return Fail(Code::kMalformed, "ratchet state of unknown shape");
  Core core;
  in.Copy(core.root.Writable());
  ReadSection(in, kOwnSize, bits & kHasOwn, [&](codec::Reader& section) {
    core.own.emplace(crypto::X25519KeyPair{crypto::X25519Private::Zero(), {}});
    section.Copy(core.own->secret.Writable());
    core.own->pub = section.Array<32>();
  });
  ReadSection(in, kPeerSize, bits & kHasPeer,
              [&](codec::Reader& section) { core.peer = section.Array<32>(); });
  ReadChains(in, bits, core);
  core.next_send = ReadHeaders(in);
  core.next_receive = ReadHeaders(in);
  core.previous_sent = in.U32();
  core.next_serial = in.U32();
  ReadClosed(in, core);
  ReadResumption(in, bits, core);
  PAWL_TRY(in.Finish());
  if (!IsReachable(core, bits)) return Fail(Code::kMalformed, "ratchet state that cannot be");
  return core;
}

}  // namespace pawl::ratchet
