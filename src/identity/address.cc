#include "identity/address.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace pawl::identity {
namespace {

constexpr size_t kMaxName = 64;
constexpr size_t kMaxDomain = 253;  // RFC 1035 §2.3.4, as text

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsLabel(std::string_view text, size_t most) {
  if (text.empty() || text.size() > most) return false;
  if (!IsAlphanumeric(text.front()) || !IsAlphanumeric(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

// Decimal without sign or leading zero, in [1, most]: one spelling per number. 0 when it is not.
uint32_t ParsePositive(std::string_view text, uint32_t most) {
  if (text.empty() || text.front() < '1' || text.front() > '9') return 0;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value <= most ? value : 0;
}

bool IsDomain(std::string_view text) {
  if (text.size() > kMaxDomain) return false;
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return IsLabel(text, kMaxDomain);
  return IsLabel(text.substr(0, colon), kMaxDomain) &&
         ParsePositive(text.substr(colon + 1), 65535) != 0;
}

}  // namespace

absl::StatusOr<Address> Address::Create(std::string_view name, std::string_view domain) {
  if (!IsLabel(name, kMaxName)) return Fail(Code::kInvalidArgument, "not an account name");
  if (!IsDomain(domain)) return Fail(Code::kInvalidArgument, "not a domain");
  return Address(std::string(name), std::string(domain));
}

absl::StatusOr<Address> Address::Parse(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos)
    return Fail(Code::kInvalidArgument, "an address is name@domain");
  return Create(text.substr(0, at), text.substr(at + 1));
}

std::string Address::ToString() const { return name_ + "@" + domain_; }

absl::StatusOr<DeviceAddress> DeviceAddress::Parse(std::string_view text) {
  const size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) {
    return Fail(Code::kInvalidArgument, "a device address is name@domain/id");
  }
  const uint32_t device =
      ParsePositive(text.substr(slash + 1), std::numeric_limits<uint32_t>::max());
  if (device == 0) return Fail(Code::kInvalidArgument, "device ids are numbers from 1");
  PAWL_ASSIGN(Address account, Address::Parse(text.substr(0, slash)));
  return DeviceAddress{std::move(account), DeviceId(device)};
}

std::string DeviceAddress::ToString() const {
  return account.ToString() + "/" + std::to_string(device.value());
}

void Write(codec::Writer& out, const Address& address) {
  out.Vector8(AsBytes(address.name())).Vector8(AsBytes(address.domain()));
}

void Write(codec::Writer& out, const DeviceAddress& address) {
  Write(out, address.account);
  out.U32(address.device.value());
}

absl::StatusOr<Address> ReadAddress(codec::Reader& in) {
  const std::string_view name = AsText(in.Vector8(kMaxName));
  const std::string_view domain = AsText(in.Vector8(kMaxDomain));
  auto address = Address::Create(name, domain);
  // Whoever encoded it, not our caller, is at fault.
  if (!in.ok() || !address.ok()) return Fail(Code::kMalformed, "not an encoded address");
  return address;
}

absl::StatusOr<DeviceAddress> ReadDeviceAddress(codec::Reader& in) {
  PAWL_ASSIGN(Address account, ReadAddress(in));
  const DeviceId device(in.U32());
  if (!in.ok() || device.value() == 0) return Fail(Code::kMalformed, "device ids start at 1");
  return DeviceAddress{std::move(account), device};
}

}  // namespace pawl::identity
