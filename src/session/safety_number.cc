#include "session/safety_number.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/hash.h"

namespace pawl::session {
namespace {

constexpr std::string_view kSafetyLabel = "Pawl safety number v1";
constexpr uint8_t kSafetyVersion = 1;
// As libsignal: makes a search for an account key with a given number 2^12 times dearer.
constexpr int kRounds = 5200;
constexpr size_t kGroups = 6;
constexpr size_t kGroupBytes = 5;
constexpr size_t kGroupDigits = 5;

// h_0 = SHA-512(label || version || party || key), h_i = SHA-512(h_{i-1} || key).
crypto::Hash64 Fingerprint(const Party& party) {
  codec::Writer first(512);
  first.Vector8(AsBytes(kSafetyLabel)).U8(kSafetyVersion);
  identity::Write(first, party.address);
  first.Raw(party.account_key);
  crypto::Hash64 hash = crypto::Sha512({first.view()});
  for (int round = 1; round < kRounds; ++round) hash = crypto::Sha512({hash, party.account_key});
  return hash;
}

// The first 30 bytes as six groups of five digits: 40 bits big-endian modulo 100,000.
std::string Digits(const crypto::Hash64& hash) {
  std::string digits;
  for (size_t group = 0; group < kGroups; ++group) {
    uint64_t value = 0;
    for (size_t i = 0; i < kGroupBytes; ++i) value = (value << 8) | hash[group * kGroupBytes + i];
    const std::string number = std::to_string(value % 100'000);
    digits.append(kGroupDigits - number.size(), '0').append(number);
  }
  return digits;
}

void WriteParty(codec::Writer& out, const Party& party) {
  identity::Write(out, party.address);
  out.Raw(party.account_key);
}

absl::StatusOr<Party> ReadParty(codec::Reader& in) {
  PAWL_ASSIGN(identity::Address address, identity::ReadAddress(in));
  return Party{std::move(address), in.Array<32>()};
}

bool Same(const Party& a, const Party& b) {
  return a.address == b.address && a.account_key == b.account_key;
}

}  // namespace

absl::StatusOr<SafetyNumber> MakeSafetyNumber(const Party& own, const Party& peer) {
  if (own.address == peer.address) {
    return Fail(Code::kInvalidArgument, "nobody compares numbers with themselves");
  }
  const std::string a = Digits(Fingerprint(own));
  const std::string b = Digits(Fingerprint(peer));
  codec::Writer qr(1024);
  qr.U8(kSafetyVersion);
  WriteParty(qr, own);
  WriteParty(qr, peer);
  return SafetyNumber{std::min(a, b) + std::max(a, b), ToBytes(qr.view())};
}

absl::Status CompareQr(const Party& own, const Party& peer, ByteView scanned) {
  codec::Reader in(scanned);
  if (in.U8() != kSafetyVersion && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "safety number of another version");
  }
  PAWL_ASSIGN(const Party their_own, ReadParty(in));
  PAWL_ASSIGN(const Party their_peer, ReadParty(in));
  PAWL_TRY(in.Finish());
  if (!Same(their_own, peer) || !Same(their_peer, own)) {
    return Fail(Code::kIdentityChanged, "the code shows another pair of accounts");
  }
  return OkStatus();
}

}  // namespace pawl::session
