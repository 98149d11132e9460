#include "linker/conversation.h"

#include <algorithm>
#include <fstream>

#include "crypto/hash.h"
#include "session/envelope.h"
#include "wire/frames.h"

namespace pawl::linker {
namespace {

constexpr char kDomain[] = "@example.org";

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

MutableByteView TagOf(ByteView envelope) {
  return {const_cast<uint8_t*>(envelope.data()) + 1, session::kTagSize};
}

}  // namespace

Conversation::Conversation(Flaw flaw) : flaw_(flaw), world_(Generous()) {
  recorder_ = std::make_unique<Recorder>(world_.relay());
  if (flaw_ == Flaw::kSendsOnDeviceConnection) {
    recorder_->carried_by = [this](Conn connection) {
      for (const Device& device : devices_) {
        const auto connections = device.client->connections();
        if (!connections.contains(connection)) continue;
        for (const Conn other : connections) {
          if (!recorder_->view().connections.at(other).authenticated.empty()) return other;
        }
      }
      return connection;
    };
  }
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
  client.on_send = [this, name](MutableByteView message) { OnSend(name, message); };
  client.on_receive = [this](MutableByteView message) { OnReceive(message); };
}

// Before the relay sees it.
void Conversation::OnSend(const Mailbox& sender, MutableByteView message) {
  const Bytes aligned = ToBytes(message);
  wire::FrameReader reader(aligned);
  while (const auto frame = reader.Next()) {
    if (const auto* begin = frame->header->body_as_BlobBegin()) {
      uploader_of_[KeyOf(*begin->id())] = sender;
    }
    const auto* send = frame->header->body_as_Send();
    if (send == nullptr) continue;
    const EnvelopeKey id = KeyOf(*send->id());
    sender_of_[id] = sender;
    if (flaw_ != Flaw::kConstantTags) continue;
    const auto at = static_cast<size_t>(frame->payload.data() - aligned.data());
    const MutableByteView tag = TagOf(message.subspan(at, frame->payload.size()));
    if (!tag_of_.contains(id)) std::copy(tag.begin(), tag.end(), tag_of_[id].begin());
    const Mailbox to =
        std::string(wire::ToText(send->account())) + "/" + std::to_string(send->device());
    const auto pair = std::minmax(sender, to);
    const auto constant = crypto::Blake2b256({AsBytes(pair.first), AsBytes(pair.second)});
    std::copy_n(constant.begin(), tag.size(), tag.begin());
  }
}

// After the relay said it.
void Conversation::OnReceive(MutableByteView message) {
  if (flaw_ != Flaw::kConstantTags) return;
  const Bytes aligned = ToBytes(message);
  wire::FrameReader reader(aligned);
  while (const auto frame = reader.Next()) {
    const auto* mail = frame->header->body_as_Message();
    if (mail == nullptr) continue;
    const auto real = tag_of_.find(KeyOf(*mail->id()));
    if (real == tag_of_.end()) continue;
    const auto at = static_cast<size_t>(frame->payload.data() - aligned.data());
    const MutableByteView tag = TagOf(message.subspan(at, frame->payload.size()));
    std::copy(real->second.begin(), real->second.end(), tag.begin());
  }
}

size_t Conversation::DevicesOf(const std::string& account) const {
  return static_cast<size_t>(std::count_if(devices_.begin(), devices_.end(),
                                           [&](const Device& d) { return d.account == account; }));
}

void Conversation::Talk(int messages) {
  for (int i = 0; i < messages; ++i) {
    const Device& from = devices_[rng_.Below(devices_.size())];
    std::string to = from.account;
    while (to == from.account) to = accounts_[rng_.Below(accounts_.size())];
    from.client->Say(to, std::string(rng_.Below(300), 'x') + std::to_string(i));
    if (i % kFileEvery == 0) SendFile(from, to);
    expected_ += DevicesOf(to) + DevicesOf(from.account) - 1;
    world_.Run(Milliseconds(static_cast<int64_t>(rng_.Below(2500))));
  }
  world_.Run(Minutes(2));
}

void Conversation::SendFile(const Device& from, const std::string& to) {
  const std::string path = from.client->File("file");
  std::ofstream(path) << std::string(rng_.Below(1'500'000), 'f');
  from.client->Do(client::SendFile{
      .id = MessageId(rng_.Array<16>()), .to = *identity::Address::Parse(to), .path = path});
  // The next file of this device is written to the same place.
  world_.Run(Seconds(4));
}

size_t Conversation::files_arrived() const {
  size_t arrived = 0;
  for (const Device& device : devices_) {
    for (const client::Event& event : device.client->seen) {
      arrived += event.kind == client::EventKind::kAttachment && event.code == Code::kOk ? 1 : 0;
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
