#ifndef PAWL_TESTS_SUPPORT_VECTORS_H_
#define PAWL_TESTS_SUPPORT_VECTORS_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "support/json.h"

namespace pawl::test {

// Third-party test vectors live outside the repository: in the folder that the environment variable
// PAWL_VECTORS names, else in ../shared/vectors beside the source tree.
//
// The contents of `file` below that folder; *.gz is unpacked. Nothing when the file is absent.
std::optional<std::string> ReadVectors(std::string_view file);

// The folder looked into, for messages.
std::string VectorsFolder();

}  // namespace pawl::test

// PAWL_VECTOR_TEXT_OR_SKIP(text, "mlkem-cctv/strcmp_ML-KEM-768.txt"): declares a string of the
// file's contents, or skips the test and says so. Use at the top of a TEST body.
#define PAWL_VECTOR_TEXT_OR_SKIP(variable, file)                                      \
  const std::optional<std::string> variable##_read = ::pawl::test::ReadVectors(file); \
  if (!variable##_read) {                                                             \
    GTEST_SKIP() << "no " << (file) << " in " << ::pawl::test::VectorsFolder()        \
                 << ": set PAWL_VECTORS to the folder of third-party vectors";        \
  }                                                                                   \
  const std::string& variable = *variable##_read

// PAWL_VECTORS_OR_SKIP(json, "wycheproof/x25519_test.json"): the same for a file that is JSON.
#define PAWL_VECTORS_OR_SKIP(variable, file)       \
  PAWL_VECTOR_TEXT_OR_SKIP(variable##_text, file); \
  const ::pawl::test::Json variable = ::pawl::test::Json::Parse(variable##_text)

#endif  // PAWL_TESTS_SUPPORT_VECTORS_H_
