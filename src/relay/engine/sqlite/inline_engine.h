#ifndef PAWL_RELAY_ENGINE_SQLITE_INLINE_ENGINE_H_
#define PAWL_RELAY_ENGINE_SQLITE_INLINE_ENGINE_H_

#include <memory>

#include "relay/engine/sqlite/database.h"
#include "relay/engine/sqlite/writes.h"

namespace pawl::relay::engine::sqlite {

// The same storage without threads: Submit does everything before it returns, in order, on the
// caller's thread, and calls the sink from inside. For the simulator, the tests of the core,
// fuzzing and the administrator's commands.
class InlineEngine final : public Engine {
 public:
  static absl::StatusOr<std::unique_ptr<InlineEngine>> Open(const Location& location,
                                                            const Quotas& quotas, Sink& sink);
  // Beside a relay that may be serving the folder: blob files that the database does not know yet,
  // or no more, are left alone.
  static absl::StatusOr<std::unique_ptr<InlineEngine>> OpenBeside(const Location& location,
                                                                  const Quotas& quotas, Sink& sink);
  void Submit(std::vector<Request> batch) override;

 private:
  InlineEngine(std::unique_ptr<db::Connection> db, BlobFiles files, const Quotas& quotas,
               Sink& sink)
      : db_(std::move(db)), files_(std::move(files)), writes_(*db_, files_, quotas), sink_(sink) {}

  const std::unique_ptr<db::Connection> db_;
  const BlobFiles files_;
  Writes writes_;
  Sink& sink_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_INLINE_ENGINE_H_
