
#include "codec/reader.h"
#include "codec/writer.h"
#include "ratchet/braid/spqr.h"

namespace pawl::ratchet::braid {
namespace {

constexpr uint8_t kVersion = 1;
enum Flags : uint8_t { kIsResponder = 1, kIsBroken = 2, kAllFlags = 3 };

void WriteChains(codec::FixedWriter& out, const Chains& chains) {
  out.Raw(chains.root.Expose()).U64(*chains.newest).U64(*chains.sending);
  out.U8(static_cast<uint8_t>(chains.links.size()));
  for (const Link& link : chains.links) {
    out.U8(link.sending ? 1 : 0);
    if (link.sending) out.Raw(link.sending->Expose());
    out.U32(link.sent).Raw(link.receiving.Expose()).U32(link.received);
  }
}

void ReadLink(codec::Reader& in, Link& link) {
  const uint8_t has_sending = in.U8();
  if (has_sending > 1) in.SetFailed();
  if (has_sending == 1) in.Copy(link.sending.emplace(ChainKey::Zero()).Writable());
  link.sent = in.U32();
  in.Copy(link.receiving.Writable());
  link.received = in.U32();
}

// We send in one of the links; only those before it are without a sending chain.
bool IsReachable(const Scheme& scheme, const Chains& chains) {
  const uint64_t count = chains.links.size();
  if (count == 0 || count > *chains.newest + 1) return false;
  if (chains.sending < chains.oldest() || chains.sending > chains.newest) return false;
  if (*chains.sending - *chains.oldest() > scheme.kept_epochs) return false;
  for (uint64_t i = 0; i < count; ++i) {
    const bool over = Epoch(*chains.oldest() + i) < chains.sending;
    if (chains.links[i].sending.has_value() == over) return false;
  }
  return true;
}

void ReadChains(const Scheme& scheme, codec::Reader& in, Chains& chains) {
  in.Copy(chains.root.Writable());
  chains.newest = Epoch(in.U64());
  chains.sending = Epoch(in.U64());
  const uint8_t count = in.U8();
  for (uint8_t i = 0; i < count && in.ok(); ++i) ReadLink(in, chains.links.emplace_back());
  if (in.ok() && !IsReachable(scheme, chains)) in.SetFailed();
}

void WriteCollector(codec::FixedWriter& out, const ChunkCollector& collector) {
  out.U16(static_cast<uint16_t>(collector.size()));
  for (size_t i = 0; i < collector.size(); ++i) {
    out.U16(collector.index_at(i)).Raw(collector.chunk_at(i));
  }
}

ChunkCollector ReadCollector(const Scheme& scheme, codec::Reader& in, size_t message_size) {
  ChunkCollector collector({message_size, scheme.chunk_size});
  const uint16_t count = in.U16();
  if (count >= collector.shape().count()) in.SetFailed();
  for (uint16_t i = 0; i < count && in.ok(); ++i) {
    const uint16_t index = in.U16();
    const ByteView chunk = in.Fixed(scheme.chunk_size);
    if (!in.ok()) break;
    if (collector.Has(index)) {
      in.SetFailed();
    } else {
      collector.Add(index, chunk);
    }
  }
  return collector;
}

// The fields of each state, in the order of its type in the variant, behind the number of that
// type. What follows from a seed or a coin is not written.
struct StateWriter {
  codec::FixedWriter& out;

  void operator()(const KeysUnsampled&) const {}
  void operator()(const KeysSampled& s) const { out.Raw(s.keys.seed.Expose()).U16(s.sent); }
  void operator()(const HeaderSent& s) const {
    out.Raw(s.keys.seed.Expose()).U16(s.sent);
    WriteCollector(out, s.ct1);
  }
  void operator()(const Ct1Received& s) const {
    out.Raw(s.keys.seed.Expose()).U16(s.sent).Raw(s.ct1);
  }
  void operator()(const EkSentCt1Received& s) const {
    out.Raw(s.seed.Expose()).Raw(s.ct1);
    WriteCollector(out, s.ct2);
  }
  void operator()(const NoHeaderReceived& s) const { WriteCollector(out, s.header); }
  void operator()(const HeaderReceived& s) const { out.Raw(s.header); }
  void operator()(const Ct1Sampled& s) const {
    out.Raw(s.ours.coin.Expose()).Raw(s.ours.header).U16(s.sent);
    WriteCollector(out, s.ek);
  }
  void operator()(const EkReceivedCt1Sampled& s) const { out.Raw(s.ct1).U16(s.sent).Raw(s.ct2); }
  void operator()(const Ct1Acknowledged& s) const {
    out.Raw(s.ours.coin.Expose()).Raw(s.ours.header);
    WriteCollector(out, s.ek);
  }
  void operator()(const Ct2Sampled& s) const { out.Raw(s.ct2).U16(s.sent); }
};

struct StateReader {
  const Scheme& scheme;
  codec::Reader& in;
  Base base;

  State Read(uint8_t type) {
    switch (type) {
      case 0:
        return KeysUnsampled{std::move(base)};
      case 1:
        return ReadKeysSampled();
      case 2:
        return ReadHeaderSent();
      case 3:
        return ReadCt1Received();
      case 4:
        return ReadEkSentCt1Received();
      case 5:
        return NoHeaderReceived{std::move(base), Collector(sizeof(HeaderStream))};
      case 6:
        return HeaderReceived{std::move(base), in.Array<kEkHeaderSize>()};
      case 7:
        return ReadCt1Sampled();
      case 8:
        return ReadEkReceivedCt1Sampled();
      case 9:
        return ReadCt1Acknowledged();
      case 10:
        return ReadCt2Sampled();
      default:
        in.SetFailed();
        return KeysUnsampled{std::move(base)};
    }
  }

 private:
  ChunkCollector Collector(size_t message_size) { return ReadCollector(scheme, in, message_size); }
  KeyPair ReadKeys() {
    KeyPair keys;
    in.Copy(keys.seed.Writable());
    if (in.ok()) keys.key = scheme.kem->expand(keys.seed);
    return keys;
  }
  Encapsulation ReadEncapsulation() {
    Encapsulation ours;
    in.Copy(ours.coin.Writable());
    ours.header = in.Array<kEkHeaderSize>();
    if (in.ok()) ours.ct1 = scheme.kem->encapsulate1(ours.header, ours.coin).ct1;
    return ours;
  }
  State ReadKeysSampled() {
    KeyPair keys = ReadKeys();
    const HeaderStream header = MakeHeaderStream(scheme, base, keys.key.header);
    return KeysSampled{std::move(base), std::move(keys), header, in.U16()};
  }
  State ReadHeaderSent() {
    KeyPair keys = ReadKeys();
    const uint16_t sent = in.U16();
    return HeaderSent{std::move(base), std::move(keys), sent, Collector(kCt1Size)};
  }
  State ReadCt1Received() {
    KeyPair keys = ReadKeys();
    const uint16_t sent = in.U16();
    return Ct1Received{std::move(base), std::move(keys), sent, in.Array<kCt1Size>()};
  }
  State ReadEkSentCt1Received() {
    KeySeed seed = KeySeed::Zero();
    in.Copy(seed.Writable());
    const Ct1 ct1 = in.Array<kCt1Size>();
    return EkSentCt1Received{std::move(base), std::move(seed), ct1, Collector(sizeof(Ct2Stream))};
  }
  State ReadCt1Sampled() {
    Encapsulation ours = ReadEncapsulation();
    const uint16_t sent = in.U16();
    return Ct1Sampled{std::move(base), std::move(ours), sent, Collector(kEkVectorSize)};
  }
  State ReadEkReceivedCt1Sampled() {
    const Ct1 ct1 = in.Array<kCt1Size>();
    const uint16_t sent = in.U16();
    return EkReceivedCt1Sampled{std::move(base), ct1, sent, in.Array<sizeof(Ct2Stream)>()};
  }
  State ReadCt1Acknowledged() {
    Encapsulation ours = ReadEncapsulation();
    return Ct1Acknowledged{std::move(base), std::move(ours), Collector(kEkVectorSize)};
  }
  State ReadCt2Sampled() {
    const Ct2Stream ct2 = in.Array<sizeof(Ct2Stream)>();
    return Ct2Sampled{std::move(base), ct2, in.U16()};
  }
};

// The newest epoch with a secret is the Braid's own once this side has it, else the one before.
bool Agree(const Spqr& spqr) {
  const bool has_secret = std::holds_alternative<Ct1Sampled>(spqr.state) ||
                          std::holds_alternative<EkReceivedCt1Sampled>(spqr.state) ||
                          std::holds_alternative<Ct1Acknowledged>(spqr.state) ||
                          std::holds_alternative<Ct2Sampled>(spqr.state);
  const Epoch epoch = EpochOf(spqr.state);
  return *epoch > 0 && spqr.chains.newest == (has_secret ? epoch : Before(epoch));
}

}  // namespace

size_t EncodeSpqr(const Spqr& spqr, MutableByteView out) {
  codec::FixedWriter writer(out);
  uint8_t flags = spqr.chains.role == Role::kResponder ? kIsResponder : 0;
  if (spqr.broken) flags |= kIsBroken;
  writer.U8(kVersion).U8(flags);
  WriteChains(writer, spqr.chains);
  writer.U8(static_cast<uint8_t>(spqr.state.index()));
  std::visit(
      [&](const auto& state) {
        const AuthenticatorKeys& keys = state.base.auth.keys;
        writer.U64(*state.base.epoch).Raw(keys.root.Expose()).Raw(keys.mac.Expose());
        StateWriter{writer}(state);
      },
      spqr.state);
  return writer.written();
}

absl::StatusOr<Spqr> DecodeSpqr(const Scheme& scheme, ByteView bytes) {
  codec::Reader in(bytes);
  if (in.U8() != kVersion && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "Braid state of another version");
  }
  const uint8_t flags = in.U8();
  if ((flags & ~kAllFlags) != 0) in.SetFailed();
  Chains chains;
  chains.role = (flags & kIsResponder) != 0 ? Role::kResponder : Role::kInitiator;
  ReadChains(scheme, in, chains);
  const uint8_t type = in.U8();
  Base base{Epoch(in.U64()), {}};
  in.Copy(base.auth.keys.root.Writable());
  in.Copy(base.auth.keys.mac.Writable());
  State state = StateReader{scheme, in, std::move(base)}.Read(type);
  PAWL_TRY(in.Finish());
  Spqr spqr{std::move(state), std::move(chains), (flags & kIsBroken) != 0};
  if (!Agree(spqr)) return Fail(Code::kMalformed, "Braid state that cannot be");
  return spqr;
}

}  // namespace pawl::ratchet::braid
