#ifndef PAWL_TESTS_SUPPORT_JSON_H_
#define PAWL_TESTS_SUPPORT_JSON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace pawl::test {

// A read-only JSON value for test data. A missing key or a value of another type fails the running
// test and reads as empty, so that a vector file with a surprise in it never passes quietly.
// Keeps the parser's headers out of the tests.
class Json {
 public:
  // Null when `text` is not JSON (and the running test fails).
  static Json Parse(std::string_view text);

  bool Has(std::string_view key) const;
  // Members of an object.
  Json Get(std::string_view key) const;
  std::vector<Json> List(std::string_view key) const;
  std::string Text(std::string_view key) const;
  Bytes Hex(std::string_view key) const;
  int64_t Int(std::string_view key) const;
  bool Bool(std::string_view key) const;
  // The value itself.
  std::vector<Json> Items() const;
  std::string AsText() const;
  Bytes AsHex() const;
  int64_t AsInt() const;
  bool AsBool() const;
  bool IsNull() const;

 private:
  struct Node;  // a value inside the document it keeps alive
  std::shared_ptr<const Node> node_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_JSON_H_
