// Durable messages per second through the store, beside what the disk itself allows.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "crypto/init.h"
#include "store/store.h"

namespace pawl::store {
namespace {

constexpr Timestamp kNow{1'790'000'000'000};
constexpr size_t kFrameSize = 1024;  // the envelope of a short text

// A folder in the working directory, on the disk that is measured.
class Folder {
 public:
  Folder() : path_((std::filesystem::current_path() / "store-bench-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  std::string File(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

template <typename Id>
Id NumberedId(uint64_t n) {
  typename Id::Underlying bytes{};
  for (size_t at = 0; at < 8; ++at) bytes[at] = static_cast<uint8_t>(n >> (8 * at));
  return Id(bytes);
}

// What accepting one message of our own writes.
absl::Status WriteMessage(Transaction& tx, SessionId session, uint64_t n, ByteView bytes) {
  PAWL_TRY(tx.sessions().Update({session, bytes.first(700), true, kNow}));
  NewMessage message;
  message.name = {ConversationId(), "alice@example.org", NumberedId<MessageId>(n)};
  message.direction = Direction::kOutgoing;
  message.content = bytes.first(200);
  PAWL_TRY(tx.messages().Insert(message).status());
  NewOutbox envelope;
  envelope.message = message.name.id;
  envelope.address = "bob@example.org";
  envelope.envelope = NumberedId<EnvelopeId>(n);
  envelope.frame = bytes;
  PAWL_TRY(tx.outbox().Add(envelope).status());
  return tx.inbox().Append({}).status();
}

absl::StatusOr<std::unique_ptr<Store>> MakeStore(const Folder& folder, Rng& rng) {
  OpenOptions options;
  options.dir = folder.File("store");
  options.key = HostKey::Zero();
  options.create_if_missing = true;
  options.anchor = AnchorFile{folder.File("anchors")};
  return Store::Open(std::move(options), kNow, rng);
}

absl::StatusOr<SessionId> MakeSession(Store& store) {
  PAWL_ASSIGN(Transaction tx, store.Begin());
  PAWL_ASSIGN(const SessionId session, tx.sessions().Insert({}));
  PAWL_TRY(tx.Commit(kNow));
  return session;
}

absl::Status CommitBatch(Store& store, SessionId session, int64_t size, uint64_t& n,
                         ByteView frame) {
  PAWL_ASSIGN(Transaction tx, store.Begin());
  for (int64_t i = 0; i < size; ++i) PAWL_TRY(WriteMessage(tx, session, n++, frame));
  return tx.Commit(kNow);
}

void DurableMessages(benchmark::State& state) {
  crypto::Init().IgnoreError();
  crypto::SystemRng rng;
  const Folder folder;
  const auto store = MakeStore(folder, rng);
  if (!store.ok()) return state.SkipWithError("no store");
  const auto session = MakeSession(**store);
  if (!session.ok()) return state.SkipWithError("no session");
  const Bytes frame(kFrameSize, 'f');
  uint64_t n = 0;
  for (auto _ : state) {
    if (!CommitBatch(**store, *session, state.range(0), n, frame).ok()) {
      return state.SkipWithError("a commit failed");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(DurableMessages)->ArgName("per_commit")->Arg(1)->Arg(16)->Arg(128)->UseRealTime();

// The floor: as many bytes appended to a file and flushed.
void AppendAndFlush(benchmark::State& state) {
  const Folder folder;
  const int fd = ::open(folder.File("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const Bytes bytes(static_cast<size_t>(state.range(0)) * kFrameSize, 'f');
  for (auto _ : state) {
    if (::write(fd, bytes.data(), bytes.size()) < 0 || ::fsync(fd) != 0) {
      state.SkipWithError("the file could not be written");
      break;
    }
  }
  ::close(fd);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(AppendAndFlush)->ArgName("per_flush")->Arg(1)->Arg(16)->Arg(128)->UseRealTime();

}  // namespace
}  // namespace pawl::store
