#include "linker/linker.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

#include "absl/container/flat_hash_map.h"

namespace pawl::linker {
namespace {

// A run of so many equal bytes is no accident.
constexpr size_t kWindow = 8;
// Where every position is compared with the same position elsewhere; further in, every eighth
// position with every other.
constexpr size_t kDense = 64;

uint64_t WindowAt(ByteView bytes, size_t at) {
  uint64_t window;
  std::memcpy(&window, bytes.data() + at, kWindow);
  return window;
}

template <typename T>
std::pair<T, T> Unordered(T a, T b) {
  return a < b ? std::pair(a, b) : std::pair(b, a);
}

// Which of many byte strings share a run with each other, or with another one.
class Runs {
 public:
  // Strings of one owner are not compared with each other.
  void Add(size_t owner, ByteView bytes) {
    for (size_t at = 0; at + kWindow <= bytes.size(); at += kWindow) {
      anywhere_[WindowAt(bytes, at)].push_back(owner);
    }
    for (size_t at = 0; at < kDense && at + kWindow <= bytes.size(); ++at) {
      at_place_[{at, WindowAt(bytes, at)}].push_back(owner);
    }
  }
  // Owners other than `self` of a string with a run of these bytes.
  std::set<size_t> SharedWith(size_t self, ByteView bytes) const {
    std::set<size_t> found;
    for (size_t at = 0; at + kWindow <= bytes.size(); ++at) {
      if (const auto hit = anywhere_.find(WindowAt(bytes, at)); hit != anywhere_.end()) {
        found.insert(hit->second.begin(), hit->second.end());
      }
      if (at >= kDense) continue;
      if (const auto hit = at_place_.find({at, WindowAt(bytes, at)}); hit != at_place_.end()) {
        found.insert(hit->second.begin(), hit->second.end());
      }
    }
    found.erase(self);
    return found;
  }

 private:
  absl::flat_hash_map<uint64_t, std::vector<size_t>> anywhere_;
  absl::flat_hash_map<std::pair<size_t, uint64_t>, std::vector<size_t>> at_place_;
};

class Linker {
 public:
  explicit Linker(const RelayView& view) : view_(view) {
    for (const auto& [id, connection] : view_.connections) order_.push_back(id);
  }

  Links Run() {
    JoinConnections();
    NameSenders();
    JoinEnvelopes();
    JoinStored();
    JoinByKey();
    NameUploaders();
    return std::move(links_);
  }

 private:
  const SeenConnection& At(Conn id) const { return view_.connections.at(id); }

  // Who is at the other end of a connection, by its login, by what was registered on it, or because
  // it was joined to one of which that is known.
  std::optional<Mailbox> OwnerOf(Conn id) const {
    if (!At(id).authenticated.empty()) return At(id).authenticated;
    if (!At(id).registered.empty()) return At(id).registered;
    for (const auto& [a, b] : links_.same_client) {
      if (a != id && b != id) continue;
      const SeenConnection& other = At(a == id ? b : a);
      if (!other.authenticated.empty()) return other.authenticated;
      if (!other.registered.empty()) return other.registered;
    }
    return std::nullopt;
  }

  // Anonymous connections that say the same random bytes as another one, or whose requests are
  // counted on from where another one's ended.
  void JoinConnections() {
    Runs runs;
    for (size_t i = 0; i < order_.size(); ++i) {
      for (const Bytes& said : At(order_[i]).said) runs.Add(i, said);
    }
    for (size_t i = 0; i < order_.size(); ++i) {
      const SeenConnection& connection = At(order_[i]);
      if (!connection.authenticated.empty()) continue;
      for (const Bytes& said : connection.said) {
        for (const size_t other : runs.SharedWith(i, said)) JoinUnlessRegistered(i, other);
      }
      if (connection.first_req <= 1) continue;
      for (size_t other = 0; other < i; ++other) {
        const SeenConnection& before = At(order_[other]);
        if (!before.authenticated.empty() || before.until > connection.from) continue;
        if (before.last_req + 1 == connection.first_req) Join(i, other);
      }
    }
  }
  // A list that was registered is a public record: whoever it is of says it again.
  void JoinUnlessRegistered(size_t a, size_t b) {
    if (At(order_[a]).registered.empty() && At(order_[b]).registered.empty()) Join(a, b);
  }
  void Join(size_t a, size_t b) { links_.same_client.insert(Unordered(order_[a], order_[b])); }

  void NameSenders() {
    Runs said;  // on connections of which it is known whose they are
    for (size_t i = 0; i < order_.size(); ++i) {
      if (At(order_[i]).authenticated.empty()) continue;
      for (const Bytes& bytes : At(order_[i]).said) said.Add(i, bytes);
    }
    for (const SeenEnvelope& envelope : view_.envelopes) {
      std::optional<Mailbox> sender = OwnerOf(envelope.connection);
      for (const size_t owner : said.SharedWith(SIZE_MAX, envelope.body)) {
        sender = At(order_[owner]).authenticated;
      }
      if (!sender) continue;
      links_.senders[envelope.id] = *sender;
      links_.conversing.insert(Unordered(*sender, envelope.to));
    }
  }

  // By what they hold, and by their ids.
  void JoinEnvelopes() {
    Runs runs;
    const auto& all = view_.envelopes;
    for (size_t i = 0; i < all.size(); ++i) {
      runs.Add(i, all[i].body);
      runs.Add(i, AsBytes(all[i].id));
    }
    for (size_t i = 0; i < all.size(); ++i) {
      for (const size_t other : runs.SharedWith(i, all[i].body)) JoinPair(i, other);
      for (const size_t other : runs.SharedWith(i, AsBytes(all[i].id))) JoinPair(i, other);
    }
  }
  void JoinPair(size_t a, size_t b) {
    // The same envelope sent again, after a broken connection, says nothing new.
    if (view_.envelopes[a].id == view_.envelopes[b].id &&
        view_.envelopes[a].to == view_.envelopes[b].to) {
      return;
    }
    links_.same_session.insert(Unordered(a, b));
    if (view_.envelopes[a].to != view_.envelopes[b].to) {
      links_.conversing.insert(Unordered(view_.envelopes[a].to, view_.envelopes[b].to));
    }
  }

  void JoinStored() {
    absl::flat_hash_map<std::string, size_t> by_id;
    for (size_t i = 0; i < view_.envelopes.size(); ++i) by_id[view_.envelopes[i].id] = i;
    for (const StoredEnvelope& row : view_.stored) {
      const auto sent = by_id.find(row.id);
      if (sent == by_id.end() || row.body != view_.envelopes[sent->second].body) {
        links_.strange_rows.insert(row.id);
      }
    }
  }

  void JoinByKey() {
    std::map<Bytes, std::string> account_of;
    for (const SeenEnvelope& envelope : view_.envelopes) {
      if (envelope.delivery_key.empty()) continue;
      const auto [known, fresh] = account_of.emplace(envelope.delivery_key, envelope.account);
      if (!fresh && known->second != envelope.account) {
        links_.same_key.insert(Unordered(known->second, envelope.account));
      }
    }
  }

  // By the connection, or because what pays for a blob was seen where an account says who it is.
  void NameUploaders() {
    Runs said;
    for (size_t i = 0; i < order_.size(); ++i) {
      const SeenConnection& connection = At(order_[i]);
      if (connection.authenticated.empty()) continue;
      for (const Bytes& bytes : connection.said) said.Add(i, bytes);
      for (const Bytes& bytes : connection.issued) said.Add(i, bytes);
    }
    for (const SeenUpload& upload : view_.uploads) {
      std::optional<Mailbox> uploader = OwnerOf(upload.connection);
      for (const Bytes& shown : upload.shown) {
        for (const size_t owner : said.SharedWith(SIZE_MAX, shown)) {
          uploader = At(order_[owner]).authenticated;
        }
      }
      if (uploader) links_.uploaders[upload.id] = *uploader;
    }
  }

  const RelayView& view_;
  std::vector<Conn> order_;
  Links links_;
};

}  // namespace

Links FindLinks(const RelayView& view) { return Linker(view).Run(); }

}  // namespace pawl::linker
