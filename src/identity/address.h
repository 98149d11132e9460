#ifndef PAWL_IDENTITY_ADDRESS_H_
#define PAWL_IDENTITY_ADDRESS_H_

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/status.h"
#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::identity {

// `name@domain`: an account. The domain names the relay that is its home. Name: 1..64 of
// [a-z0-9._-], starting and ending alphanumeric. Domain: 1..253 of the same set, or host:port.
// Lower case only: one spelling per account.
class Address {
 public:
  static absl::StatusOr<Address> Create(std::string_view name, std::string_view domain);
  static absl::StatusOr<Address> Parse(std::string_view text);

  const std::string& name() const { return name_; }
  const std::string& domain() const { return domain_; }
  std::string ToString() const;

  friend auto operator<=>(const Address&, const Address&) = default;
  friend bool operator==(const Address&, const Address&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Address& a) {
    return H::combine(std::move(h), a.name_, a.domain_);
  }

 private:
  Address(std::string name, std::string domain)
      : name_(std::move(name)), domain_(std::move(domain)) {}
  std::string name_;
  std::string domain_;
};

// `name@domain/<id>`: one device, which is also one mailbox at the relay.
struct DeviceAddress {
  Address account;
  DeviceId device;

  static absl::StatusOr<DeviceAddress> Parse(std::string_view text);
  std::string ToString() const;
  friend auto operator<=>(const DeviceAddress&, const DeviceAddress&) = default;
  friend bool operator==(const DeviceAddress&, const DeviceAddress&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const DeviceAddress& a) {
    return H::combine(std::move(h), a.account, a.device);
  }
};

// opaque name<1..64>; opaque domain<1..253>; [uint32 device]
void Write(codec::Writer& out, const Address& address);
void Write(codec::Writer& out, const DeviceAddress& address);
absl::StatusOr<Address> ReadAddress(codec::Reader& in);
absl::StatusOr<DeviceAddress> ReadDeviceAddress(codec::Reader& in);

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_ADDRESS_H_
