#include "story.h"

#include <fstream>
#include <set>
#include <utility>

#include "actor.h"
#include "canary.h"
#include "crypto/hash.h"
#include "journal.h"
#include "pawl/pawl.h"

namespace pawl_demo {
namespace {

constexpr int kPatience = 120'000;      // ms for anything that is a round trip or two
constexpr int kFilePatience = 600'000;  // ms for a file of any reasonable size
constexpr int kBurst = 120;             // messages of the chapter with the crash
constexpr const char* kText = "Meet me at the old lighthouse at nine, and bring the brass key.";
constexpr const char* kAnswer = "I will be there. The brass key is already in my pocket.";
constexpr const char* kCanary = "canary: this sentence was uploaded in clear on purpose";

constexpr const char* kBefore = "before delivery";

size_t RowsOf(const std::vector<Relay::Table>& tables, const std::string& name) {
  size_t rows = 0;
  for (const Relay::Table& table : tables) rows += table.name == name ? table.rows : 0;
  return rows;
}

std::string State(int state) { return std::to_string(state); }

std::string Sha256Hex(const std::string& content) {
  static const char* const kDigits = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : pawl::crypto::Sha256({pawl::AsBytes(content)})) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string BurstText(int number) {
  return "burst message number " + std::to_string(number) + " of the crash test";
}

}  // namespace

Story::Story(Timeline* timeline, std::string program, std::string relay_program,
             std::filesystem::path home, std::filesystem::path file)
    : timeline_(*timeline),
      home_(home),
      file_(std::move(file)),
      relay_(std::move(relay_program), home / "relay"),
      alice_(program, home / "alice", "alice@localhost"),
      bob_(program, home / "bob", "bob@localhost") {
  searcher_.Add({"Alice's text", kText});
  searcher_.Add({"Bob's answer", kAnswer});
  searcher_.Add({"the burst's text", "of the crash test"});
  searcher_.Add({"the canary", kCanary});
  const std::string name = file_.filename().string();
  if (name.size() >= Searcher::kLeast) searcher_.Add({"the file's name", name});
  file_is_searched_ = searcher_.AddFile("the file's bytes", ReadWhole(file_));
}

void Story::Tell() {
  const bool delivered =
      Registration() && WritingToSomebodyOffline() && Reception() && AnswerAndReceipts();
  if (delivered) {
    SafetyNumbers();
    KilledInMidReception();
    alice_.GoOffline();
    bob_.GoOffline();
    WhatTheRelayKnew("after delivery");
    Canary();
  }
  relay_.Stop();
}

bool Story::Registration() {
  timeline_.Chapter("1. A relay, and two people who register");
  if (!timeline_.Claim("a relay runs, TLS with a development certificate that the clients pin",
                       relay_.Start())) {
    return false;
  }
  timeline_.Note("relay",
                 relay_.place().url + ", pin " + relay_.place().pin_hex.substr(0, 16) + "...");
  for (Person* person : {&alice_, &bob_}) {
    const bool registered = person->ComeOnline(relay_.place()) &&
                            person->Tell("register\t" + person->address()) &&
                            person->Await({"registered", person->address()}, kPatience);
    if (!timeline_.Claim(person->address() + " is registered, prekeys uploaded", registered))
      return false;
  }
  bob_.GoOffline();
  timeline_.Note("bob", "goes offline");
  return true;
}

bool Story::WritingToSomebodyOffline() {
  timeline_.Chapter("2. Alice writes while Bob is offline");
  alice_.Tell(std::string("text\t") + bob_.address() + "\t" + kText);
  const auto text = alice_.Await({"started", "text"}, kPatience);
  timeline_.Note("alice", std::string("writes: \"") + kText + "\"");
  alice_.Tell("file\t" + bob_.address() + "\t" + file_.string());
  const auto file = alice_.Await({"started", "file"}, kPatience);
  timeline_.Note("alice", "sends " + file_.filename().string() + " (" +
                              std::to_string(std::filesystem::file_size(file_)) + " bytes)");
  if (file_.filename().string().size() < Searcher::kLeast)
    timeline_.Note("note", "its name is too short to be searched for: any noise has it");
  if (!file_is_searched_)
    timeline_.Note("note", "its bytes are too few or too alike to be searched for");
  if (!text || !file) return timeline_.Claim("Alice's app takes both", false);
  text_message_ = text->at(3);
  file_message_ = file->at(3);
  const std::string at_relay = State(PAWL_MESSAGE_AT_RELAY);
  const bool waiting = alice_.Await({"state", text_message_, at_relay}, kPatience).has_value() &&
                       alice_.Await({"state", file_message_, at_relay}, kFilePatience).has_value();
  if (!timeline_.Claim("both wait at the relay", waiting)) return false;
  WhatTheRelayKnew(kBefore);
  return true;
}

bool Story::Reception() {
  timeline_.Chapter("3. Bob comes online");
  bool asked =
      bob_.ComeOnline(relay_.place()) && bob_.Await({"request", alice_.address()}, kPatience);
  if (!timeline_.Claim("Bob is asked whether Alice may write to him", asked)) return false;
  bob_.Tell("accept\t" + alice_.address());
  timeline_.Note("bob", "accepts her");
  const bool text = AwaitText(bob_, kText, kPatience);
  timeline_.Claim("Bob reads Alice's text, word for word", text);
  const auto file = bob_.Await({"message", "*", alice_.address(), "*", "file"}, kPatience);
  if (!timeline_.Claim("Bob sees that a file came", file.has_value())) return false;
  const std::filesystem::path received = home_ / "received" / file_.filename();
  std::filesystem::create_directories(received.parent_path());
  bob_.Tell("download\t" + file->at(3) + "\t" + received.string());
  const auto started = bob_.Await({"started", "download"}, kPatience);
  const auto done =
      started ? bob_.Await({"done", started->at(2)}, kFilePatience, bob_.lines()) : std::nullopt;
  timeline_.Claim("Bob's app fetches it", done && done->at(2) == "0");
  CheckReceived(received);
  return text;
}

void Story::CheckReceived(const std::filesystem::path& received) {
  const std::string sent = Sha256Hex(ReadWhole(file_));
  const std::string got = std::filesystem::exists(received) ? Sha256Hex(ReadWhole(received)) : "";
  timeline_.data()["file"] = {{"name", file_.filename().string()},
                              {"size", std::filesystem::file_size(file_)},
                              {"sha256_sent", sent},
                              {"sha256_received", got}};
  timeline_.Note("sent", "SHA-256 " + sent);
  timeline_.Note("got", "SHA-256 " + got);
  timeline_.Claim("the file is the same, bit for bit", sent == got);
}

bool Story::AnswerAndReceipts() {
  timeline_.Chapter("4. Bob answers, receipts come back");
  bob_.Tell(std::string("text\t") + alice_.address() + "\t" + kAnswer);
  timeline_.Note("bob", std::string("writes: \"") + kAnswer + "\"");
  const bool answered = AwaitText(alice_, kAnswer, kPatience);
  timeline_.Claim("Alice reads Bob's answer", answered);
  const auto delivered = alice_.Await(
      {"receipt", bob_.address(), text_message_, State(PAWL_MESSAGE_DELIVERED)}, kPatience);
  timeline_.Claim("Alice sees \"delivered\" on her text", delivered.has_value());
  bob_.Tell("read\t" + alice_.address() + "\t" + text_message_);
  const auto read =
      alice_.Await({"receipt", bob_.address(), text_message_, State(PAWL_MESSAGE_READ)}, kPatience);
  timeline_.Claim("Alice sees \"read\" on her text", read.has_value());
  return answered;
}

void Story::SafetyNumbers() {
  timeline_.Chapter("5. Safety numbers");
  alice_.Tell("safety\t" + bob_.address());
  bob_.Tell("safety\t" + alice_.address());
  const auto hers = alice_.Await({"safety"}, kPatience);
  const auto his = bob_.Await({"safety"}, kPatience);
  if (hers) timeline_.Note("alice", hers->at(1));
  if (his) timeline_.Note("bob", his->at(1));
  timeline_.Claim("both safety numbers agree, 60 digits",
                  hers && his && hers->at(1) == his->at(1) && hers->at(1).size() == 60);
}

bool Story::KilledInMidReception() {
  timeline_.Chapter("6. Bob is killed in the middle of a reception");
  const size_t before = Journal::Read(bob_.journal()).size();
  const size_t soon = kBurst / 8;
  bob_.Tell("freeze\t" + std::to_string(soon));
  bob_.Await({"freezing"}, kPatience);
  for (int i = 1; i <= kBurst; ++i) alice_.Tell("text\t" + bob_.address() + "\t" + BurstText(i));
  timeline_.Note("alice", "writes " + std::to_string(kBurst) + " messages at once");
  AwaitText(bob_, BurstText(soon), kPatience);
  bob_.Kill();
  const size_t at_kill = Journal::Read(bob_.journal()).size() - before;
  timeline_.Note("bob",
                 "SIGKILL, with " + std::to_string(at_kill) + " of them in his app's journal");
  timeline_.Claim("the kill came in the middle", at_kill == soon);
  if (!timeline_.Claim("Bob's app starts again", bob_.ComeOnline(relay_.place()))) return false;
  AwaitText(bob_, BurstText(kBurst), kPatience);
  std::vector<std::string> texts;
  for (const std::string& line : Journal::Read(bob_.journal())) {
    if (const std::string text = SplitTabs(line).back(); text.starts_with("burst message"))
      texts.push_back(text);
  }
  bool in_order = texts.size() == kBurst;
  for (int i = 1; in_order && i <= kBurst; ++i)
    in_order = texts[static_cast<size_t>(i - 1)] == BurstText(i);
  timeline_.data()["kill"] = {
      {"sent", kBurst},
      {"before_kill", at_kill},
      {"in_the_end", texts.size()},
      {"distinct", std::set<std::string>(texts.begin(), texts.end()).size()}};
  return timeline_.Claim(
      "all " + std::to_string(kBurst) + " arrived: none lost, none twice, in order", in_order);
}

void Story::WhatTheRelayKnew(const std::string& when) {
  timeline_.Chapter("What the relay and the stores know, " + when);
  uint64_t before = searcher_.bytes_searched();
  const auto hits = [&](const std::string& what, std::vector<Hit> found) {
    ReportHits(when, what, found, searcher_.bytes_searched() - before);
    before = searcher_.bytes_searched();
  };
  hits("the relay's files", searcher_.InFolder(relay_.data()));
  hits("the relay's log", searcher_.InBytes("relay.log", ReadWhole(relay_.log())));
  const std::vector<Relay::Table> tables = relay_.OpenedDatabase();
  size_t rows = 0;
  for (const Relay::Table& table : tables) rows += table.rows;
  timeline_.Claim("the relay's database opens with its key: " + std::to_string(tables.size()) +
                      " tables, " + std::to_string(rows) + " rows",
                  rows > 0);
  if (when == kBefore) {
    timeline_.Claim("the text and the file are there, as the relay has them",
                    RowsOf(tables, "envelope") > 0 && RowsOf(tables, "blob") > 0);
  }
  hits("the relay's database, opened with its key", InOpenedDatabase(tables));
  hits("Alice's store", searcher_.InFolder(alice_.store()));
  hits("Bob's store", searcher_.InFolder(bob_.store()));
}

void Story::ReportHits(const std::string& when, const std::string& what,
                       const std::vector<Hit>& hits, uint64_t bytes) {
  nlohmann::ordered_json found = nlohmann::ordered_json::array();
  for (const Hit& hit : hits) {
    found.push_back({{"where", hit.where},
                     {"what", hit.label},
                     {"encoding", hit.encoding},
                     {"offset", hit.offset}});
    timeline_.Note("FOUND", hit.label + " as " + hit.encoding + " in " + hit.where);
  }
  timeline_.data()["searches"].push_back({{"when", when},
                                          {"where", what},
                                          {"bytes", bytes},
                                          {"patterns", searcher_.patterns()},
                                          {"found", found}});
  timeline_.Claim(what + ": " + std::to_string(bytes) + " bytes, nothing of " +
                      std::to_string(searcher_.patterns()) + " patterns (raw, hex, base64, UTF-16)",
                  hits.empty() && bytes > 0);
}

void Story::Canary() {
  timeline_.Chapter("The same search finds what was uploaded in clear on purpose");
  const bool uploaded = UploadInClear(relay_.place().url, relay_.place().pin_hex, bob_.address(),
                                      Searcher::InEveryForm(kCanary));
  timeline_.Claim("a canary is uploaded in clear", uploaded);
  timeline_.data()["canary"] = {{"uploaded", uploaded}};
  ExpectCanary("the relay's database, opened with its key",
               InOpenedDatabase(relay_.OpenedDatabase()));
  // What lies beside the database is searched as files: the same canary there, among the relay's
  // and among a client's.
  for (const auto& [place, folder] : {std::pair{"the relay's files", relay_.data() / "blobs"},
                                      std::pair{"Bob's store", bob_.store()}}) {
    std::filesystem::create_directories(folder);
    const std::filesystem::path planted = folder / "canary";
    std::ofstream(planted, std::ios::binary) << Searcher::InEveryForm(kCanary);
    ExpectCanary(place, searcher_.InFolder(folder));
    std::filesystem::remove(planted);
  }
}

void Story::ExpectCanary(const std::string& place, const std::vector<Hit>& hits) {
  std::set<std::string> forms;
  bool nothing_else = true;
  for (const Hit& hit : hits) {
    forms.insert(hit.encoding);
    nothing_else = nothing_else && hit.label == "the canary";
  }
  std::string found;
  for (const std::string& form : forms) found += (found.empty() ? "" : ", ") + form;
  timeline_.data()["canary"]["found"].push_back({{"where", place}, {"as", forms}});
  timeline_.Claim(place + ": found as " + (found.empty() ? "nothing" : found) +
                      "; it would have found the rest",
                  nothing_else && forms == std::set<std::string>{"UTF-16", "base64", "hex", "raw"});
}

std::vector<Hit> Story::InOpenedDatabase(const std::vector<Relay::Table>& tables) const {
  std::vector<Hit> all;
  for (const Relay::Table& table : tables) {
    for (Hit& hit : searcher_.InBytes("table " + table.name, table.bytes))
      all.push_back(std::move(hit));
  }
  return all;
}

bool Story::AwaitText(Person& person, const std::string& text, int timeout_ms) {
  return person.Await({"message", "*", "*", "*", "text", text}, timeout_ms).has_value();
}

}  // namespace pawl_demo
