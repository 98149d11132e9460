#include "linker/conversation.h"

#include <algorithm>
#include <fstream>

#include "wire/frames.h"

namespace pawl::linker {
namespace {

constexpr char kDomain[] = "@example.org";
constexpr size_t kLargestFile = 1'500'000;  // two tokens' worth

template <typename Struct>
EnvelopeKey KeyOf(const Struct& id) {
  return EnvelopeKey(id.bytes()->begin(), id.bytes()->end());
}

// All of them come from one address, which the relay's limits are not meant for.
relay::Config Generous() {
  relay::Config config = test::RelayWorld::DefaultConfig();
  config.rate_scale = 100;
  return config;
}

}  // namespace

Conversation::Conversation() : world_(Generous()) {
  recorder_ = std::make_unique<Recorder>(world_.relay());
  for (const auto& [name, devices] : {std::pair<std::string, int>{"alice", 2},
                                      {"bob", 2},
                                      {"carol", 1},
                                      {"dave", 2},
                                      {"erin", 1}}) {
    Add(name, devices);
  }
  for (size_t a = 0; a < devices_.size(); ++a) {
    for (size_t b = a + 1; b < devices_.size(); ++b) {
      const bool firsts = devices_[a].name.ends_with("/1") && devices_[b].name.ends_with("/1");
      if (firsts) world_.MakeContacts(*devices_[a].client, *devices_[b].client);
    }
  }
  world_.Run(Minutes(2));
}

void Conversation::Add(const std::string& name, int devices) {
  const std::string account = name + kDomain;
  accounts_.push_back(account);
  test::CoreClient& first = world_.AddOrdinary();
  Watch(first, account + "/1");
  world_.Register(first, name);
  if (devices > 1) Watch(Link(first), account + "/2");
}

test::CoreClient& Conversation::Link(test::CoreClient& first) {
  test::CoreClient& second = world_.AddOrdinary();
  const RequestId begin = second.Do(client::BeginLink{*first.board().Get().address});
  world_.Run(Seconds(2));
  const RequestId approve = first.Do(client::ApproveLink{second.ResultOf(begin)});
  world_.Run(Seconds(5));
  const RequestId complete = second.Do(client::CompleteLink{first.ResultOf(approve)});
  world_.Run(Seconds(5));
  EXPECT_EQ(second.Completed(complete), Code::kOk);
  return second;
}

void Conversation::Watch(test::CoreClient& client, const Mailbox& name) {
  devices_.push_back({name, name.substr(0, name.find('/')), &client});
  client.on_send = [this, name, &client](ByteView message) { OnSend(name, client, message); };
}

// Before the relay sees it.
void Conversation::OnSend(const Mailbox& sender, const test::CoreClient& client, ByteView message) {
  for (const Conn connection : client.connections()) owner_of_[connection] = sender;
  const Bytes aligned = ToBytes(message);
  wire::FrameReader reader(aligned);
  while (const auto frame = reader.Next()) {
    const wire::fb::Frame& header = *frame->header;
    if (const auto* begin = header.body_as_BlobBegin()) uploader_of_[KeyOf(*begin->id())] = sender;
    if (const auto* get = header.body_as_BlobGet()) fetchers_of_[KeyOf(*get->id())].insert(sender);
    if (const auto* send = header.body_as_Send()) sender_of_[KeyOf(*send->id())] = sender;
  }
}

std::vector<const Conversation::Device*> Conversation::DevicesOf(const std::string& account) const {
  std::vector<const Device*> devices;
  for (const Device& device : devices_) {
    if (device.account == account) devices.push_back(&device);
  }
  return devices;
}

void Conversation::Talk(int messages) {
  for (int i = 0; i < messages; ++i) {
    const Device& from = devices_[rng_.Below(devices_.size())];
    std::string to = from.account;
    while (to == from.account) to = accounts_[rng_.Below(accounts_.size())];
    from.client->Say(to, std::string(rng_.Below(300), 'x') + std::to_string(i));
    if (i % kFileEvery == 0) SendFile(from, to);
    expected_ += DevicesOf(to).size() + DevicesOf(from.account).size() - 1;
    world_.Run(Milliseconds(static_cast<int64_t>(rng_.Below(7000))));
    FetchFiles();
  }
  world_.Run(Minutes(1));
  FetchFiles();
  world_.Run(Minutes(1));
  recorder_->ReadRows();
}

void Conversation::SendFile(const Device& from, const std::string& to) {
  const std::string path = from.client->File("file");
  std::ofstream(path) << std::string(rng_.Below(kLargestFile), 'f');
  const MessageId message(rng_.Array<16>());
  from.client->Do(
      client::SendFile{.id = message, .to = *identity::Address::Parse(to), .path = path});
  if (++files_sent_ % 2 == 0) {
    const auto devices = DevicesOf(to);
    to_fetch_.emplace_back(message, devices[rng_.Below(devices.size())]);
  }
  // The next file of this device is written to the same place.
  world_.Run(Seconds(4));
}

void Conversation::FetchFiles() {
  std::erase_if(to_fetch_, [this](const auto& wanted) {
    // Not a structured binding: clang 14 captures none.
    const MessageId& message = wanted.first;
    const auto& device = wanted.second;
    const auto& seen = device->client->seen;
    const bool arrived = std::any_of(seen.begin(), seen.end(), [&](const client::Event& event) {
      return event.kind == client::EventKind::kMessage && event.message == message;
    });
    if (!arrived) return false;
    const std::string path = device->client->File("fetched" + std::to_string(fetched_.size()));
    fetched_.emplace_back(device->client->Do(client::FetchFile{message, path}), device);
    return true;
  });
}

size_t Conversation::files_fetched() const {
  return static_cast<size_t>(
      std::count_if(fetched_.begin(), fetched_.end(), [](const auto& fetched) {
        return fetched.second->client->Completed(fetched.first) == Code::kOk;
      }));
}

std::set<Mailbox> Conversation::FetchersOf(const std::string& blob) const {
  const auto fetchers = fetchers_of_.find(blob);
  return fetchers == fetchers_of_.end() ? std::set<Mailbox>() : fetchers->second;
}

size_t Conversation::files_arrived() const {
  size_t arrived = 0;
  for (const Device& device : devices_) {
    for (const client::Event& event : device.client->seen) {
      arrived += event.kind == client::EventKind::kAttachment && event.code == Code::kOk &&
                         event.text.empty()
                     ? 1
                     : 0;
    }
  }
  return arrived;
}

size_t Conversation::received() const {
  size_t received = 0;
  for (const Device& device : devices_) {
    received += device.client->Texts().size();
  }
  return received;
}

}  // namespace pawl::linker
