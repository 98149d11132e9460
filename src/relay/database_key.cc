#include "relay/database_key.h"

#include <fcntl.h>
#include <unistd.h>

#include "crypto/secret.h"

namespace pawl::relay {
namespace {

constexpr size_t kHexSize = 2 * db::Key::kSize;

int HexValue(uint8_t digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Up to two bytes more than 64 digits, so that a longer file is not taken for a key.
absl::StatusOr<crypto::SecretBytes> ReadUpTo(const std::string& path, size_t most) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Fail(Code::kIo, "the database key file cannot be read");
  crypto::SecretBytes bytes(most);
  size_t size = 0;
  ssize_t n = 0;
  while (size < most && (n = read(fd, bytes.Writable().data() + size, most - size)) > 0)
    size += static_cast<size_t>(n);
  close(fd);
  if (n < 0) return Fail(Code::kIo, "the database key file cannot be read");
  bytes.Shrink(size);
  return bytes;
}

}  // namespace

absl::StatusOr<std::optional<db::Key>> ReadDatabaseKey(const std::string& path) {
  if (path.empty()) return std::optional<db::Key>();
  PAWL_ASSIGN(crypto::SecretBytes bytes, ReadUpTo(path, kHexSize + 2));
  const ByteView text = bytes.Expose();
  db::Key key = db::Key::Zero();
  if (text.size() == db::Key::kSize) {
    std::copy(text.begin(), text.end(), key.Writable().begin());
    return std::optional<db::Key>(std::move(key));
  }
  const bool one_line =
      text.size() == kHexSize || (text.size() == kHexSize + 1 && text.back() == '\n');
  for (size_t i = 0; one_line && i < db::Key::kSize; ++i) {
    const int high = HexValue(text[2 * i]);
    const int low = HexValue(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return Fail(Code::kInvalidArgument, "the database key is not made of hex digits");
    key.Writable()[i] = static_cast<uint8_t>(high << 4 | low);
  }
  if (!one_line)
    return Fail(Code::kInvalidArgument,
                "the database key file must hold 32 bytes or 64 hex digits");
  return std::optional<db::Key>(std::move(key));
}

}  // namespace pawl::relay
