#include "ratchet/braid/braid.h"

namespace pawl::ratchet::braid {

State Start(const Scheme& scheme, Role role, const AuthKey& key) {
  Base base{Epoch(1), Authenticator::Start(scheme, key)};
  if (role == Role::kInitiator) return KeysUnsampled{std::move(base)};
  return NoHeaderReceived::Of(scheme, std::move(base));
}

State Clone(const State& state) {
  return std::visit([](const auto& current) -> State { return current.Clone(); }, state);
}

Epoch EpochOf(const State& state) {
  return std::visit([](const auto& current) { return current.base.epoch; }, state);
}

}  // namespace pawl::ratchet::braid
