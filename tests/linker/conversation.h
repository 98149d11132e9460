#ifndef PAWL_TESTS_LINKER_CONVERSATION_H_
#define PAWL_TESTS_LINKER_CONVERSATION_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "linker/relay_view.h"
#include "support/core_world.h"

namespace pawl::linker {

// Five people, three of them with two devices, writing to each other through their real clients and
// a real relay, and the relay's view of it.
class Conversation {
 public:
  Conversation();

  // So many messages, each by a random device to a random other person.
  void Talk(int messages);

  // Every so many messages a file is sent, too; every second file is fetched by one device of its
  // recipient.
  static constexpr int kFileEvery = 25;
  size_t files() const { return uploader_of_.size(); }  // whose upload has begun
  size_t files_arrived() const;                         // pointers to them, at the senders' ends
  size_t files_fetched() const;

  const RelayView& view() const { return recorder_->view(); }
  // Whose connection that really is.
  Mailbox OwnerOf(Conn connection) const { return owner_of_.at(connection); }
  // Who really uploaded it, and who fetched it: nobody, or one.
  Mailbox UploaderOf(const std::string& blob) const { return uploader_of_.at(blob); }
  std::set<Mailbox> FetchersOf(const std::string& blob) const;
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
  void OnSend(const Mailbox& sender, const test::CoreClient& client, ByteView message);
  void SendFile(const Device& from, const std::string& to);
  // Of the files that are to be fetched, those that have arrived.
  void FetchFiles();
  std::vector<const Device*> DevicesOf(const std::string& account) const;

  test::SeededRng rng_{5};
  test::CoreWorld world_;
  std::unique_ptr<Recorder> recorder_;
  std::vector<Device> devices_;
  std::vector<std::string> accounts_;
  std::map<EnvelopeKey, Mailbox> sender_of_;
  std::map<Conn, Mailbox> owner_of_;
  std::map<std::string, Mailbox> uploader_of_;
  std::map<std::string, std::set<Mailbox>> fetchers_of_;
  int files_sent_ = 0;
  std::vector<std::pair<MessageId, const Device*>> to_fetch_;
  std::vector<std::pair<RequestId, const Device*>> fetched_;
  size_t expected_ = 0;
};

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_CONVERSATION_H_
