#ifndef PAWL_DEMO_STORY_H_
#define PAWL_DEMO_STORY_H_

#include <filesystem>
#include <string>

#include "person.h"
#include "relay.h"
#include "search.h"
#include "timeline.h"

namespace pawl_demo {

// Alice and Bob, from registration to a crash in mid-reception, and what the relay knew of it. Each
// chapter returns whether it makes sense to go on.
class Story {
 public:
  Story(Timeline* timeline, std::string program, std::string relay_program,
        std::filesystem::path home, std::filesystem::path file);

  void Tell();

 private:
  bool Registration();
  bool WritingToSomebodyOffline();
  bool Reception();
  bool AnswerAndReceipts();
  void SafetyNumbers();
  bool KilledInMidReception();
  void WhatTheRelayKnew(const std::string& when);
  std::vector<Hit> InOpenedDatabase(const std::vector<Relay::Table>& tables) const;
  void Canary();
  void ExpectCanary(const std::string& place, const std::vector<Hit>& hits);

  bool AwaitText(Person& person, const std::string& text, int timeout_ms);
  void CheckReceived(const std::filesystem::path& received);
  void ReportHits(const std::string& when, const std::string& what, const std::vector<Hit>& hits,
                  uint64_t bytes);

  Timeline& timeline_;
  std::filesystem::path home_;
  std::filesystem::path file_;
  Relay relay_;
  Person alice_;
  Person bob_;
  Searcher searcher_;
  bool file_is_searched_ = false;
  std::string file_message_;
  std::string text_message_;
};

}  // namespace pawl_demo

#endif  // PAWL_DEMO_STORY_H_
