#ifndef PAWL_TESTS_SIM_HOSTILE_RELAY_H_
#define PAWL_TESTS_SIM_HOSTILE_RELAY_H_

#include <map>
#include <string>
#include <vector>

#include "client/engine/input.h"
#include "sim/scene.h"

namespace pawl::sim {

// What a relay can do to the mail of one device and to what it tells it: each count is how many
// times more.
class HostileRelay {
 public:
  explicit HostileRelay(Scene& scene) : scene_(scene) {}

  int64_t duplicate = 0, rename = 0, corrupt = 0, reorder = 0, withhold = 0, roll_list = 0;

  // Changes what came in since the last Step. `kept` holds what the new inputs borrow.
  void Tamper(std::vector<client::Input>& inputs, std::vector<Bytes>& kept);
  // Inputs whose turn it is only now.
  std::vector<client::Input> Late(std::vector<Bytes>& kept);
  bool has_late() const { return !late_.empty(); }
  bool disturbed_order() const { return disturbed_order_; }
  void Stop() { duplicate = rename = corrupt = reorder = withhold = roll_list = 0; }

 private:
  struct Copy {
    client::EnvelopeArrived arrived;
    Bytes bytes;
  };
  bool Spend(int64_t& count, std::string_view name);
  Copy CopyOf(const client::EnvelopeArrived& arrived, std::vector<Bytes>& kept) const;
  void Envelope(client::EnvelopeArrived arrived, std::vector<client::Input>& out,
                std::vector<Bytes>& kept);
  void List(client::Reply& reply, client::DirectoryRecord& record);
  void Shuffle(std::vector<client::Input>& inputs);

  Scene& scene_;
  std::vector<Copy> late_;
  bool disturbed_order_ = false;
};

}  // namespace pawl::sim

#endif  // PAWL_TESTS_SIM_HOSTILE_RELAY_H_
