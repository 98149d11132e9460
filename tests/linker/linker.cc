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
    for (size_t at = 0; at + kWindow <= bytes.size(); ++at) AddOwners(bytes, at, found);
    found.erase(self);
    return found;
  }
  // The owner whose strings have the most runs of these bytes; nothing when nobody has one. Names
  // and versions are parts of many records.
  std::optional<size_t> MostAlike(ByteView bytes) const {
    std::map<size_t, size_t> runs;
    for (size_t at = 0; at + kWindow <= bytes.size(); ++at) {
      std::set<size_t> found;
      AddOwners(bytes, at, found);
      for (const size_t owner : found) ++runs[owner];
    }
    const auto most = std::max_element(
        runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == runs.end() ? std::nullopt : std::optional(most->first);
  }

 private:
  // Those who have the run that begins there.
  void AddOwners(ByteView bytes, size_t at, std::set<size_t>& found) const {
    if (const auto hit = anywhere_.find(WindowAt(bytes, at)); hit != anywhere_.end()) {
      found.insert(hit->second.begin(), hit->second.end());
    }
    if (at >= kDense) return;
    if (const auto hit = at_place_.find({at, WindowAt(bytes, at)}); hit != at_place_.end()) {
      found.insert(hit->second.begin(), hit->second.end());
    }
  }

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
    NameByRows();
    NameSenders();
    NameThoseWhoLookUp();
    JoinEnvelopes();
    JoinStored();
    JoinByKey();
    NameUploaders();
    JoinUploads();
    JoinByBlob();
    ListWhatIsCarried();
    return std::move(links_);
  }

 private:
  const SeenConnection& At(Conn id) const { return view_.connections.at(id); }

  // Who is at the other end of a connection, by its login, by what was registered on it, or because
  // it was joined to one of which that is known.
  std::optional<Mailbox> OwnerOf(Conn id) const {
    if (!At(id).authenticated.empty()) return At(id).authenticated;
    if (!At(id).registered.empty()) return At(id).registered;
    if (const auto owner = links_.owners.find(id); owner != links_.owners.end()) {
      return owner->second;
    }
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

  // By what the database has of an account. What stands there of a mailbox's mail says to whom it
  // went, which is known; a list that was registered was said by whom it is of.
  void NameByRows() {
    std::vector<const StoredRow*> rows;
    Runs held;
    for (const StoredRow& row : view_.rows) {
      if (row.owner.empty() || row.table == "seen") continue;
      for (const Bytes& value : row.values) held.Add(rows.size(), value);
      rows.push_back(&row);
    }
    const auto owner = [&](ByteView bytes) -> std::optional<Mailbox> {
      const std::optional<size_t> row = held.MostAlike(bytes);
      return row ? std::optional(rows[*row]->owner) : std::nullopt;
    };
    for (const Conn id : order_) {
      if (!At(id).authenticated.empty() || !At(id).registered.empty()) continue;
      for (const Bytes& said : At(id).said) {
        if (const auto found = owner(said)) links_.owners[id] = *found;
      }
    }
    for (const SeenEnvelope& envelope : view_.envelopes) {
      if (const auto found = owner(envelope.body)) links_.senders[envelope.id] = *found;
    }
    for (const SeenUpload& upload : view_.uploads) {
      for (const Bytes& shown : upload.shown) {
        if (const auto found = owner(shown)) links_.uploaders[upload.id] = *found;
      }
    }
    for (const StoredRow* row : rows) {
      if (row->table == "blob") links_.uploaders[std::string(AsText(row->values[0]))] = row->owner;
    }
  }

  // Whoever asks for somebody's public records as himself is going to write to them.
  void NameThoseWhoLookUp() {
    for (const Conn id : order_) {
      const std::optional<Mailbox> owner = OwnerOf(id);
      if (!owner) continue;
      const std::string own = owner->substr(0, owner->find('/'));
      for (const std::string& account : At(id).looked_up) {
        if (account != own) links_.conversing.insert(Unordered(own, account));
      }
    }
  }

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
    for (const StoredRow& row : view_.rows) {
      if (row.table != "seen") continue;
      const std::string id(AsText(row.values[0]));
      const auto sent = by_id.find(id);
      if (sent == by_id.end() || row.owner != view_.envelopes[sent->second].to) {
        links_.strange_rows.insert(id);
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

  // With each other, and with envelopes, by what pays for them, whose they are said to be, and
  // their ids.
  void JoinUploads() {
    Runs runs;
    for (size_t i = 0; i < view_.uploads.size(); ++i) {
      for (const Bytes& shown : view_.uploads[i].shown) runs.Add(i, shown);
      runs.Add(i, AsBytes(view_.uploads[i].id));
    }
    for (size_t i = 0; i < view_.uploads.size(); ++i) {
      const SeenUpload& upload = view_.uploads[i];
      const auto join = [&](ByteView bytes) {
        for (const size_t other : runs.SharedWith(i, bytes)) {
          const std::string& id = view_.uploads[other].id;
          if (id != upload.id) links_.same_payer.insert(Unordered(upload.id, id));
        }
      };
      for (const Bytes& shown : upload.shown) join(shown);
      join(AsBytes(upload.id));
    }
    for (const SeenEnvelope& envelope : view_.envelopes) {
      if (!runs.SharedWith(SIZE_MAX, envelope.body).empty()) links_.announcing.insert(envelope.id);
    }
  }

  void JoinByBlob() {
    for (const Conn id : order_) {
      for (const std::string& blob : At(id).blobs) links_.same_blob[blob].insert(id);
    }
    std::erase_if(links_.same_blob, [](const auto& blob) { return blob.second.size() < 2; });
  }

  void ListWhatIsCarried() {
    for (const Conn id : order_) {
      const SeenConnection& connection = At(id);
      if (!connection.authenticated.empty()) continue;
      links_.by_connection[id] = {
          .mailboxes = {}, .looked_up = connection.looked_up, .blobs = connection.blobs};
    }
    for (const SeenEnvelope& envelope : view_.envelopes) {
      const auto carried = links_.by_connection.find(envelope.connection);
      if (carried == links_.by_connection.end()) continue;
      ++carried->second.envelopes;
      carried->second.mailboxes.insert(envelope.to);
    }
  }

  const RelayView& view_;
  std::vector<Conn> order_;
  Links links_;
};

}  // namespace

Links FindLinks(const RelayView& view) { return Linker(view).Run(); }

}  // namespace pawl::linker
