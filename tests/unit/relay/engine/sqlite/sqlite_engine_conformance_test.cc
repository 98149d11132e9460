#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "relay/engine/sqlite/sqlite_engine.h"
#include "support/engine_conformance_suite.h"
#include "support/matchers.h"

namespace pawl::relay::engine {
namespace {

enum class Encryption { kNone, kRawKey };

sqlite::Location LocationIn(const std::string& folder, Encryption encryption) {
  sqlite::Location location;
  location.directory = folder;
  if (encryption == Encryption::kRawKey) location.key = db::Key::From(ByteArray<32>{1, 2, 3});
  return location;
}

template <typename E>
EngineFactory FactoryOf(std::string name, Encryption encryption) {
  return {
      std::move(name),
      [=](const std::string& folder, const Quotas& quotas, Sink& sink) -> std::unique_ptr<Engine> {
        auto engine = E::Open(LocationIn(folder, encryption), quotas, sink);
        EXPECT_THAT(engine, test::IsOk());
        return engine.ok() ? *std::move(engine) : nullptr;
      }};
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite, EngineConformance,
    ::testing::Values(FactoryOf<sqlite::InlineEngine>("Inline", Encryption::kNone),
                      FactoryOf<sqlite::SqliteEngine>("Threaded", Encryption::kNone),
                      FactoryOf<sqlite::SqliteEngine>("ThreadedEncrypted", Encryption::kRawKey)),
    [](const auto& engine) { return engine.param.name; });

}  // namespace
}  // namespace pawl::relay::engine
