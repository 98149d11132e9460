// Two people talk over a transport of the host's own: identities, bundles, a session, messages both
// ways, saving and restoring. Everything that would travel between them here passes through memory.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "pawl/pawl.hpp"

namespace {

// In a host: from the platform's key store.
constexpr std::array<uint8_t, PAWL_KEY_SIZE> kStorageKey = {1, 2, 3};

template <typename T>
T Get(pawl::Result<T> result) {
  if (!result) {
    std::cerr << result.error().name() << ": " << result.error().message() << '\n';
    std::exit(1);
  }
  return std::move(result).value();
}

pawl::ByteSpan AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
std::string AsText(pawl::ByteSpan bytes) { return {bytes.begin(), bytes.end()}; }

// Encrypts `text` at one side, decrypts it at the other.
void Say(std::string_view who, pawl::Session& from, pawl::Session& to, std::string_view text) {
  const auto envelope = Get(from.encrypt(AsBytes(text)));
  const auto plaintext = Get(to.decrypt(envelope));
  std::cout << who << ": " << AsText(plaintext) << " (" << envelope.size()
            << " bytes on the wire)\n";
}

}  // namespace

int main() {
  // 1. Each makes an identity, once, and gives the other a bundle: public, and fresh for each peer.
  pawl::Identity alice = Get(pawl::Identity::create("alice@example.org"));
  pawl::Identity bob = Get(pawl::Identity::create("bob@example.org"));
  const pawl::Buffer alice_bundle = Get(alice.bundle());
  const pawl::Buffer bob_bundle = Get(bob.bundle());

  // 2. Both compare the same 60 digits over another channel, or nobody can know who is who.
  std::cout << "safety number: " << Get(alice.safety_number(bob_bundle)) << '\n';

  // 3. Alice starts a session and sends the first message. Bob need not be there.
  pawl::Session to_bob = Get(pawl::Session::initiate(alice, bob_bundle));
  const auto first = Get(to_bob.encrypt(AsBytes("Hello Bob, this is Alice.")));

  // 4. Bob finds out who claims to have sent it, takes that one's bundle, and accepts.
  const std::string sender = Get(bob.peek_sender(first));
  auto [words, to_alice] = Get(pawl::Session::accept(bob, alice_bundle, nullptr, first));
  std::cout << sender << ": " << AsText(words) << '\n';

  // 5. They talk.
  Say("bob", to_alice, to_bob, "Hello Alice, good to read you.");
  Say("alice", to_bob, to_alice, "And nobody else can.");

  // 6. State leaves the library only sealed. Save after every step, before its result leaves.
  const pawl::Buffer sealed_bob = Get(bob.save(kStorageKey));
  const pawl::Buffer sealed_session = Get(to_alice.save(kStorageKey));

  // 7. Later, in another process.
  pawl::Identity bob_again = Get(pawl::Identity::restore(sealed_bob, kStorageKey));
  pawl::Session again = Get(pawl::Session::restore(bob_again, sealed_session, kStorageKey));
  Say("alice", to_bob, again, "Still there?");
  Say("bob", again, to_bob, "Still here.");
}
