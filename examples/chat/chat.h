#ifndef PAWL_EXAMPLES_CHAT_CHAT_H_
#define PAWL_EXAMPLES_CHAT_CHAT_H_

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "options.h"
#include "pawl/pawl.hpp"
#include "screen.h"

namespace pawl_chat {

// What stands between a person (or a script) and a client: lines in, events in, lines out.
class Chat {
 public:
  Chat(pawl::Client client, const Options& options, Screen* screen);

  // Registers where that is still to be done, and says hello.
  void Start();
  // One line: a command or a text. False: it could not be done, and why was printed.
  bool Enter(const std::string& line);
  // Takes whatever events there are.
  void DrainEvents();
  int event_fd() const { return *client_.event_fd(); }

  bool over() const { return over_; }
  bool registered() const { return registered_; }
  bool online() const { return online_; }
  // Whether a line with these words was printed; each line is taken once. For a script that waits.
  bool TakePrinted(std::string_view words);

 private:
  struct Command {
    std::string_view name;
    std::string_view arguments;
    std::string_view help;
    bool (Chat::*run)(const std::string& first, const std::string& rest);
  };
  static const Command kCommands[];

  // commands.cc
  bool Help(const std::string&, const std::string&);
  bool Add(const std::string& who, const std::string& name);
  bool Accept(const std::string& who, const std::string&);
  bool Decline(const std::string& who, const std::string&);
  bool Block(const std::string& who, const std::string&);
  bool Unblock(const std::string& who, const std::string&);
  bool ListContacts(const std::string&, const std::string&);
  bool To(const std::string& who, const std::string&);
  bool Safety(const std::string& who, const std::string&);
  bool Verify(const std::string& who, const std::string&);
  bool Trust(const std::string& who, const std::string&);
  bool SendFile(const std::string& path, const std::string& caption);
  bool Get(const std::string& number, const std::string& path);
  bool Cancel(const std::string& number, const std::string&);
  bool History(const std::string& count, const std::string&);
  bool Quit(const std::string&, const std::string&);
  bool Say(const std::string& text);

  // events.cc
  void OnEvent(const pawl_event& event);
  void OnMessage(const pawl_event& event);
  void OnMessageState(const pawl_event& event);
  void OnReceipt(const pawl_event& event);
  void OnConnection(const pawl_event& event);
  void OnContact(const pawl_event& event);
  void OnDevice(const pawl_event& event);
  void OnAttachment(const pawl_event& event);
  void OnProgress(const pawl_event& event);
  void OnCompleted(const pawl_event& event);
  std::string Describe(const pawl_message& message);

  // chat.cc
  void Keep(const std::string& line);
  void Print(const std::string& line);
  void Note(const std::string& line);
  template <typename T>
  bool Started(const pawl::Result<T>& result, const std::string& what);
  std::string FullAddress(const std::string& name) const;
  std::string ShortName(std::string_view address) const;
  std::string Snippet(const pawl::Id& id) const;
  void Remember(const pawl::Id& id, const std::string& text);
  // Files are numbered as they come, so that a person can name one.
  int NumberFile(const pawl::Id& id, const std::string& name);
  void MarkRead(const std::string& address, const pawl::Id& id);

  struct File {
    pawl::Id message;
    std::string name;
  };

  pawl::Client client_;
  const std::string address_;
  const std::string invitation_;
  Screen* const screen_;
  bool over_ = false;
  bool registered_ = false;
  bool online_ = false;
  std::string peer_;                      // whom plain text goes to
  std::map<pawl::Id, std::string> sent_;  // recent texts of ours, for receipts
  std::deque<pawl::Id> sent_order_;
  std::map<pawl::RequestId, std::string> asked_;  // what was asked for, for when it fails
  std::vector<File> files_;
  std::map<std::string, std::vector<uint8_t>> new_keys_;
  std::map<std::string, pawl::Id> unread_;  // the newest unread message of somebody
  std::deque<std::string> printed_;
};

}  // namespace pawl_chat

#endif  // PAWL_EXAMPLES_CHAT_CHAT_H_
