#ifndef PAWL_TESTS_SIM_RELAY_HOST_H_
#define PAWL_TESTS_SIM_RELAY_HOST_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "sim/disk.h"
#include "sim/scene.h"

namespace pawl::sim {

// The one relay of a world: the real core over the real embedded storage. What it says leaves at
// once; the network (link.h) decides when it arrives.
class RelayHost : private relay::engine::Sink {
 public:
  struct Socket {
    std::function<void(Bytes message)> on_message;
    std::function<void(uint16_t code)> on_close;
  };

  // `folder` is a real one, for the blob files that no world makes. `image`: of a relay that was
  // there before.
  RelayHost(Scene& scene, std::string folder, const std::map<std::string, Bytes>& image);
  ~RelayHost() override;

  bool up() const { return core_ != nullptr; }
  relay::ConnectionId Open(uint8_t network, Socket socket);
  void Receive(relay::ConnectionId id, ByteView message);
  void Close(relay::ConnectionId id);
  void Tick();
  // Has the storage do what was asked of it since the last call, as one batch, as the relay's loop
  // does.
  void Flush();

  // As by SIGKILL; starts again after `pause`.
  void Kill(Duration pause);
  Disk& disk() { return disk_; }
  // Bundles that were handed out since the world began, also those whose answer reached nobody.
  uint64_t prekeys_taken() const { return prekeys_taken_; }

 private:
  void Start();
  void Complete(relay::engine::Completions completions) override;
  void CarryOut(relay::Effects effects);
  // True when its disk took it down.
  bool Died();
  void LookFor(ByteView message);

  Scene& scene_;
  const std::string folder_;
  Disk disk_;
  std::unique_ptr<relay::Core> core_;
  std::unique_ptr<relay::engine::Engine> engine_;
  std::vector<relay::engine::Request> requests_;  // for the next batch
  std::vector<relay::engine::Completions> completed_;
  std::map<relay::ConnectionId, Socket> sockets_;
  uint64_t last_id_ = 0;
  uint64_t prekeys_taken_ = 0;
};

// Begins every text that people write. The relay must never see it.
inline constexpr std::string_view kCanary = "canary~";

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_RELAY_HOST_H_
