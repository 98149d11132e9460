#include "line_editor.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace pawl_chat {
namespace {

constexpr size_t kRemembered = 200;
constexpr size_t kLongestSequence = 8;

constexpr char Ctrl(char letter) { return static_cast<char>(letter & 0x1f); }

size_t SizeByLead(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte >= 0xF0) return 4;
  return byte >= 0xE0 ? 3 : 2;
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> points;
  while (!text.empty()) {
    const size_t size = std::min(SizeByLead(text[0]), text.size());
    points.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return points;
}

std::string Join(const std::vector<std::string>& points) {
  return std::accumulate(points.begin(), points.end(), std::string());
}

}  // namespace

LineEditor::Did LineEditor::Feed(char byte) {
  if (!pending_.empty() && pending_[0] == '\x1b') return Escape(byte);
  if (byte == '\x1b') {
    pending_ = byte;
    return Did::kNothing;
  }
  if (pending_.empty() && (static_cast<unsigned char>(byte) < 0x20 || byte == '\x7f')) {
    return Control(byte);
  }
  pending_.push_back(byte);
  if (pending_.size() < SizeByLead(pending_[0])) return Did::kNothing;
  Insert();
  return Did::kEdited;
}

void LineEditor::Insert() {
  line_.insert(line_.begin() + static_cast<ptrdiff_t>(cursor_), pending_);
  ++cursor_;
  pending_.clear();
}

LineEditor::Did LineEditor::Control(char byte) {
  const auto at = line_.begin() + static_cast<ptrdiff_t>(cursor_);
  switch (byte) {
    case '\r':
    case '\n':
      return Did::kEntered;
    case Ctrl('C'):
      return Did::kEnd;
    case Ctrl('D'):
      if (line_.empty()) return Did::kEnd;
      if (at != line_.end()) line_.erase(at);
      return Did::kEdited;
    case Ctrl('H'):
    case '\x7f':
      if (cursor_ > 0) line_.erase(line_.begin() + static_cast<ptrdiff_t>(--cursor_));
      return Did::kEdited;
    case Ctrl('A'):
      cursor_ = 0;
      return Did::kEdited;
    case Ctrl('E'):
      cursor_ = line_.size();
      return Did::kEdited;
    case Ctrl('U'):
      line_.erase(line_.begin(), at);
      cursor_ = 0;
      return Did::kEdited;
    case Ctrl('K'):
      line_.erase(at, line_.end());
      return Did::kEdited;
    case Ctrl('W'):
      EraseWord();
      return Did::kEdited;
    default:
      return Did::kNothing;
  }
}

void LineEditor::EraseWord() {
  size_t begin = cursor_;
  while (begin > 0 && line_[begin - 1] == " ") --begin;
  while (begin > 0 && line_[begin - 1] != " ") --begin;
  line_.erase(line_.begin() + static_cast<ptrdiff_t>(begin),
              line_.begin() + static_cast<ptrdiff_t>(cursor_));
  cursor_ = begin;
}

// CSI and SS3 sequences: ESC [ … letter, ESC O letter.
LineEditor::Did LineEditor::Escape(char byte) {
  pending_.push_back(byte);
  const bool opened = pending_.size() == 2 && (byte == '[' || byte == 'O');
  const bool ended = pending_.size() > 2 && byte >= 0x40;
  if (opened || (!ended && pending_.size() > 2 && pending_.size() < kLongestSequence)) {
    return Did::kNothing;
  }
  const std::string sequence = std::exchange(pending_, {});
  const char key = sequence.back();
  if (sequence.size() == 2) return Did::kNothing;  // alt and a letter
  if (key == 'D' && cursor_ > 0) --cursor_;
  if (key == 'C' && cursor_ < line_.size()) ++cursor_;
  if (key == 'H' || sequence == "\x1b[1~") cursor_ = 0;
  if (key == 'F' || sequence == "\x1b[4~") cursor_ = line_.size();
  if (key == 'A') Recall(+1);
  if (key == 'B') Recall(-1);
  if (sequence == "\x1b[3~" && cursor_ < line_.size()) {
    line_.erase(line_.begin() + static_cast<ptrdiff_t>(cursor_));
  }
  return Did::kEdited;
}

void LineEditor::Recall(int step) {
  if (step < 0 && recalled_ == 0) return;
  if (step > 0 && recalled_ >= before_.size()) return;
  recalled_ = step > 0 ? recalled_ + 1 : recalled_ - 1;
  line_ = recalled_ == 0 ? std::vector<std::string>() : Split(before_[before_.size() - recalled_]);
  cursor_ = line_.size();
}

std::string LineEditor::Take() {
  std::string text = Join(line_);
  line_.clear();
  cursor_ = recalled_ = 0;
  if (!text.empty() && (before_.empty() || before_.back() != text)) before_.push_back(text);
  if (before_.size() > kRemembered) before_.pop_front();
  return text;
}

LineEditor::View LineEditor::Show(size_t columns) const {
  if (columns == 0) return {};
  // As much as fits, with the cursor inside: the line moves under a fixed window.
  const size_t first = cursor_ < columns ? 0 : cursor_ - columns + 1;
  const size_t last = std::min(line_.size(), first + columns);
  View view;
  for (size_t i = first; i < last; ++i) view.text += line_[i];
  view.cursor = cursor_ - first;
  return view;
}

}  // namespace pawl_chat
