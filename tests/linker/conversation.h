#ifndef PAWL_TESTS_LINKER_CONVERSATION_H_
#define PAWL_TESTS_LINKER_CONVERSATION_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "linker/relay_view.h"
#include "support/core_world.h"

namespace pawl::linker {

// What is made worse on purpose, in the clients' place: the library has no such switch.
enum class Flaw {
  kNone,
  // The 16 bytes at the tag's place are one and the same for all that two devices write to each
  // other; the recipient gets its own back.
  kConstantTags,
  // What goes over a client's anonymous connection is taken to come on its device connection.
  kSendsOnDeviceConnection,
};

// Five people, three of them with two devices, writing to each other through their real clients and
// a real relay, and the relay's view of it.
class Conversation {
 public:
  explicit Conversation(Flaw flaw);

  // So many messages, each by a random device to a random other person.
  void Talk(int messages);

  // Every so many messages a file is sent, too.
  static constexpr int kFileEvery = 25;
  size_t files() const { return uploader_of_.size(); }  // whose upload has begun
  size_t files_arrived() const;                         // pointers to them, at the senders' ends
  size_t blobs_of_accounts() const { return recorder_->blobs_of_accounts(); }

  const RelayView& view() const { return recorder_->view(); }
  // Who really uploaded it.
  Mailbox UploaderOf(const std::string& blob) const { return uploader_of_.at(blob); }
  // Who really sent it.
  Mailbox SenderOf(const EnvelopeKey& envelope) const { return sender_of_.at(envelope); }
  // Texts that arrived at other people's devices and at the sender's other ones.
  size_t received() const;
  // What received() is when nothing is lost.
  size_t expected() const { return expected_; }

 private:
  struct Device {
    Mailbox name;
    std::string account;
    test::CoreClient* client = nullptr;
  };

  void Add(const std::string& name, int devices);
  test::CoreClient& Link(test::CoreClient& first);
  void Watch(test::CoreClient& client, const Mailbox& name);
  void OnSend(const Mailbox& sender, MutableByteView message);
  void OnReceive(MutableByteView message);
  void SendFile(const Device& from, const std::string& to);
  size_t DevicesOf(const std::string& account) const;

  const Flaw flaw_;
  test::SeededRng rng_{5};
  test::CoreWorld world_;
  std::unique_ptr<Recorder> recorder_;
  std::vector<Device> devices_;
  std::vector<std::string> accounts_;
  std::map<EnvelopeKey, Mailbox> sender_of_;
  std::map<std::string, Mailbox> uploader_of_;
  std::map<EnvelopeKey, ByteArray<16>> tag_of_;  // the real one
  size_t expected_ = 0;
};

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_CONVERSATION_H_
