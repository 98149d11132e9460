#include "sim/script.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

namespace pawl::sim {
namespace {

struct KindRow {
  Kind kind;
  std::string_view name;
  bool fault;
};

constexpr std::array<KindRow, kKinds> kRows = {{
    {Kind::kSend, "send", false},
    {Kind::kSendBig, "send_big", false},
    {Kind::kSendTimed, "send_timed", false},
    {Kind::kTyping, "typing", false},
    {Kind::kRead, "read", false},
    {Kind::kRequest, "request", false},
    {Kind::kBlock, "block", false},
    {Kind::kLink, "link", false},
    {Kind::kRemove, "remove", false},
    {Kind::kAckLate, "ack_late", false},
    {Kind::kAckAtOnce, "ack_at_once", false},
    {Kind::kOffline, "offline", true},
    {Kind::kPartition, "partition", true},
    {Kind::kCut, "cut", true},
    {Kind::kSilence, "silence", true},
    {Kind::kLoseAcks, "lose_acks", true},
    {Kind::kDelay, "delay", true},
    {Kind::kDuplicate, "duplicate", true},
    {Kind::kRename, "rename", true},
    {Kind::kCorrupt, "corrupt", true},
    {Kind::kReorder, "reorder", true},
    {Kind::kWithhold, "withhold", true},
    {Kind::kRollList, "roll_list", true},
    {Kind::kRelayCrash, "relay_crash", true},
    {Kind::kRelayKill, "relay_kill", true},
    {Kind::kKill, "kill", true},
    {Kind::kCrash, "crash", true},
    {Kind::kDiskFull, "disk_full", true},
    {Kind::kClock, "clock", true},
    {Kind::kSnapshot, "snapshot", false},
    {Kind::kRestore, "restore", true},
    {Kind::kClone, "clone", true},
    {Kind::kPoison, "poison", true},
}};

const KindRow& RowOf(Kind kind) { return kRows[static_cast<size_t>(kind)]; }

std::optional<Action> ParseAction(const std::string& line) {
  std::istringstream in(line);
  Action action;
  std::string name;
  if (!(in >> action.at.ms >> name)) return std::nullopt;
  const auto kind = KindOf(name);
  if (!kind) return std::nullopt;
  action.kind = *kind;
  in >> action.a >> action.b >> action.c;
  return action;
}

}  // namespace

std::string_view NameOf(Kind kind) { return RowOf(kind).name; }
bool IsFault(Kind kind) { return RowOf(kind).fault; }

std::optional<Kind> KindOf(std::string_view name) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const KindRow& candidate) { return candidate.name == name; });
  return row == kRows.end() ? std::nullopt : std::optional<Kind>(row->kind);
}

std::string Script::ToText() const {
  std::ostringstream out;
  out << "seed " << seed << "\naccounts " << accounts << "\nlinked " << linked << "\n";
  for (const Action& action : actions) {
    out << action.at.ms << ' ' << NameOf(action.kind) << ' ' << action.a << ' ' << action.b << ' '
        << action.c << "\n";
  }
  return out.str();
}

std::optional<Script> Script::Parse(std::string_view text) {
  Script script;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    unsigned long long seed = 0;
    if (std::sscanf(line.c_str(), "seed %llu", &seed) == 1) {
      script.seed = seed;
    } else if (std::sscanf(line.c_str(), "accounts %d", &script.accounts) != 1 &&
               std::sscanf(line.c_str(), "linked %d", &script.linked) != 1) {
      const auto action = ParseAction(line);
      if (!action) return std::nullopt;
      script.actions.push_back(*action);
    }
  }
  return script;
}

}  // namespace pawl::sim
