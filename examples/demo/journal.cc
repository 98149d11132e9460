#include "journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace pawl_demo {
namespace {

std::string Whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  text.resize(text.rfind('\n') + 1);  // npos + 1 is 0: nothing whole in it
  return text;
}

}  // namespace

Journal::Journal(std::string path) {
  const std::string text = Whole(path);
  if (!text.empty()) {
    const size_t begin = text.rfind('\n', text.size() - 2) + 1;
    last_ = std::stoull(text.substr(begin));
  }
  fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd_ >= 0 && ftruncate(fd_, static_cast<off_t>(text.size())) != 0) {
    close(fd_);
    fd_ = -1;
  }
}

Journal::~Journal() {
  if (fd_ >= 0) close(fd_);
}

bool Journal::Append(uint64_t seq, const std::string& line) {
  const std::string text = std::to_string(seq) + "\t" + line + "\n";
  if (fd_ < 0 || write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return false;
  if (fdatasync(fd_) != 0) return false;
  last_ = seq;
  return true;
}

std::vector<std::string> Journal::Read(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = Whole(path);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    const size_t tab = text.find('\t', at);
    if (tab < end) lines.push_back(text.substr(tab + 1, end - tab - 1));
    at = end + 1;
  }
  return lines;
}

}  // namespace pawl_demo
