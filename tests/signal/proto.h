#ifndef PAWL_TESTS_SIGNAL_PROTO_H_
#define PAWL_TESTS_SIGNAL_PROTO_H_

#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace pawl::signal {

// Enough of protobuf's wire format for libsignal's messages and records.

// LEB128 of at most ten bytes; takes it off `bytes`. Nothing when it is cut short or too long.
std::optional<uint64_t> TakeVarInt(ByteView& bytes);
void AddVarInt(Bytes& out, uint64_t value);

struct ProtoField {
  uint64_t number = 0;
  bool has_bytes = false;  // wire type 2; else `value` (types 0, 1, 5)
  uint64_t value = 0;
  ByteView bytes;
};
// Takes the next field off `rest`. Nothing when there is none that is well-formed.
std::optional<ProtoField> TakeField(ByteView& rest);

void AddNumber(Bytes& out, uint64_t field, uint64_t value);
void AddBytes(Bytes& out, uint64_t field, ByteView bytes);

// The fields of one message that is known to be good, such as a recording. What is not there reads
// as 0 or as empty, as proto3 has it.
class Proto {
 public:
  explicit Proto(ByteView bytes);

  uint64_t Number(uint64_t field) const;
  Bytes Blob(uint64_t field) const;
  bool Has(uint64_t field) const { return blobs_.contains(field); }
  Proto Message(uint64_t field) const { return Proto(Blob(field)); }
  std::vector<Proto> Messages(uint64_t field) const;
  // The numbers of the fields with bytes in them, ascending.
  std::vector<uint64_t> BlobFields() const;

 private:
  std::map<uint64_t, uint64_t> numbers_;
  std::map<uint64_t, std::vector<Bytes>> blobs_;
};

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PROTO_H_
