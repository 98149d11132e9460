#include "relay.h"

#include <signal.h>
#include <sqlcipher/sqlite3.h>

#include <fstream>
#include <memory>

#include "actor.h"
#include "crypto/init.h"
#include "search.h"

namespace pawl_demo {
namespace {

constexpr int kPatience = 60'000;  // ms
constexpr size_t kKeySize = 32;

std::string Hex(const std::string& bytes) {
  static const char* const kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Database Open(const std::filesystem::path& file, const std::string& key) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database db(raw);
  if (opened != SQLITE_OK) return nullptr;
  sqlite3_busy_timeout(raw, kPatience);
  const std::string pragma = "PRAGMA key = \"x'" + Hex(key) + "'\"";
  return sqlite3_exec(raw, pragma.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? std::move(db)
                                                                                   : nullptr;
}

// Every value of every row, one after the other.
Relay::Table ReadTable(sqlite3* db, const std::string& name) {
  Relay::Table table{name, "", 0};
  sqlite3_stmt* statement = nullptr;
  const std::string sql = "SELECT * FROM \"" + name + "\"";
  sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    ++table.rows;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
      const int size = sqlite3_column_bytes(statement, i);
      if (bytes != nullptr) table.bytes.append(bytes, static_cast<size_t>(size));
      table.bytes += '\n';
    }
  }
  sqlite3_finalize(statement);
  return table;
}

std::vector<std::string> TableNames(sqlite3* db) {
  std::vector<std::string> names;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table'", -1, &statement,
                     nullptr);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    names.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  }
  sqlite3_finalize(statement);
  return names;
}

}  // namespace

Relay::Relay(std::string program, std::filesystem::path home, int rate_scale)
    : program_(std::move(program)), home_(std::move(home)), rate_scale_(rate_scale) {}

bool Relay::Start() {
  std::filesystem::create_directories(data());
  if (!pawl::crypto::Init().ok()) return false;
  const auto key = pawl::crypto::SystemRng().Array<kKeySize>();
  std::ofstream(home_ / "db.key", std::ios::binary) << std::string(key.begin(), key.end());
  process_ =
      Process::Start({program_, "--listen", "127.0.0.1:0", "--domain", "localhost", "--data",
                      data().string(), "--dev-cert", "--db-key-file", (home_ / "db.key").string(),
                      "--rate-scale", std::to_string(rate_scale_)},
                     log().string());
  while (process_ && (place_.url.empty() || place_.pin_hex.empty())) {
    const auto line = process_->ReadLine(kPatience);
    if (!line) return false;
    const std::vector<std::string> words = SplitTabs(*line);
    if (words.size() == 2 && words[0] == "url") place_.url = words[1];
    if (words.size() == 2 && words[0] == "pin") place_.pin_hex = words[1];
  }
  return process_.has_value();
}

void Relay::Stop() {
  if (!process_) return;
  process_->Signal(SIGTERM);
  process_->Wait(kPatience);
  process_.reset();
}

std::vector<Relay::Table> Relay::OpenedDatabase() const {
  std::vector<Table> tables;
  const std::string key = ReadWhole(home_ / "db.key");
  for (const auto& entry : std::filesystem::directory_iterator(data())) {
    if (entry.path().extension() != ".db") continue;
    const Database db = Open(entry.path(), key);
    if (!db) continue;
    for (const std::string& name : TableNames(db.get()))
      tables.push_back(ReadTable(db.get(), name));
  }
  return tables;
}

}  // namespace pawl_demo
