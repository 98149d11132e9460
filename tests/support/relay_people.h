#ifndef PAWL_TESTS_SUPPORT_RELAY_PEOPLE_H_
#define PAWL_TESTS_SUPPORT_RELAY_PEOPLE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codec/writer.h"
#include "crypto/mlkem.h"
#include "crypto/x25519.h"
#include "crypto/xwing.h"
#include "identity/bundle.h"
#include "identity/device_list.h"
#include "identity/epoch_record.h"
#include "identity/one_time_pair.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "wire/auth.h"
#include "wire/client_frames.h"

namespace pawl::test {

// An account with keys, as a relay sees it: signs lists, epochs, prekeys and logins.
class RelayPerson {
 public:
  static constexpr const char* kDomain = "example.org";

  RelayPerson(std::string name, Rng& rng)
      : rng_(rng), name_(std::move(name)), account_key_(crypto::Ed25519KeyPair::Generate(rng)) {
    AddDevice();
  }

  std::string account() const { return name_ + "@" + kDomain; }
  identity::Address address() const { return *identity::Address::Create(name_, kDomain); }
  identity::DeviceAddress device(uint32_t id = 1) const { return {address(), DeviceId(id)}; }
  const crypto::Ed25519KeyPair& device_key(uint32_t id = 1) const { return device_keys_[id - 1]; }
  ByteArray<32> delivery_key() const { return delivery_key_; }

  // The keys of one more device; it is in the next list.
  uint32_t AddDevice() {
    device_keys_.push_back(crypto::Ed25519KeyPair::Generate(rng_));
    return static_cast<uint32_t>(device_keys_.size());
  }

  // The next list in the chain, with these devices.
  Bytes NextList(const std::vector<uint32_t>& devices) {
    identity::DeviceList::Fields fields{address(), account_key_.pub(), ++version_,
                                        previous_, FakeClock::kStart,  {}};
    for (const uint32_t id : devices) {
      fields.devices.push_back({DeviceId(id), device_key(id).pub(), FakeClock::kStart});
    }
    const auto list = identity::DeviceList::Sign(std::move(fields), account_key_);
    EXPECT_THAT(list, IsOk());
    previous_ = list->hash();
    return list->record();
  }
  Bytes Epoch(uint32_t epoch, uint32_t id = 1) {
    identity::EpochRecord record{device(id), DeviceEpoch(epoch), X25519Key()};
    return *record.Sign(device_key(id));
  }
  Bytes Bundle(uint32_t epoch = 1, uint32_t id = 1) {
    identity::Bundle bundle{device(id), DeviceEpoch(epoch), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    bundle.identity_key = X25519Key();
    bundle.seal_key_id = bundle.signed_prekey_id = bundle.last_resort_id = identity::PrekeyId(1);
    bundle.seal_key = crypto::XWingKeyPair::Generate(rng_).pub;
    bundle.signed_prekey = X25519Key();
    bundle.last_resort = MlKemKey();
    bundle.suites = {crypto::Suite::kXChaCha20Poly1305};
    bundle.issued_at = FakeClock::kStart;
    bundle.expires_at = FakeClock::kStart + identity::kBundleLifetime;
    const auto record = bundle.Sign(device_key(id));
    EXPECT_THAT(record, IsOk());
    return *record;
  }
  std::vector<Bytes> OneTime(uint32_t first, uint32_t count, uint32_t id = 1) {
    std::vector<Bytes> records;
    for (uint32_t i = first; i < first + count; ++i) {
      identity::OneTimePair pair{device(id), identity::PrekeyId(i), {}, {}, {}};
      pair.x25519 = X25519Key();
      pair.mlkem = MlKemKey();
      pair.expires_at = FakeClock::kStart + Days(60);
      records.push_back(*pair.Sign(device_key(id)));
    }
    return records;
  }

  // The answer to a relay's challenge.
  wire::Auth Answer(const wire::AuthInput& base, uint32_t id = 1) const {
    codec::Writer address_writer;
    identity::Write(address_writer, device(id));
    const Bytes encoded = *std::move(address_writer).Finish();
    wire::AuthInput input = base;
    input.device_address = encoded;
    return {device_key(id).Sign(wire::kAuthLabel, wire::AuthMessage(input))};
  }

 private:
  crypto::X25519Public X25519Key() { return crypto::X25519KeyPair::Generate(rng_).pub; }
  crypto::MlKemPublic MlKemKey() {
    return crypto::MlKemKeyPair::FromSeed(crypto::MlKemSeed::Random(rng_)).pub;
  }

  Rng& rng_;
  std::string name_;
  crypto::Ed25519KeyPair account_key_;
  std::vector<crypto::Ed25519KeyPair> device_keys_;
  ByteArray<32> delivery_key_ = rng_.Array<32>();
  uint32_t version_ = 0;
  crypto::Hash32 previous_{};
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_RELAY_PEOPLE_H_
