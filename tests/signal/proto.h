#ifndef PAWL_TESTS_SIGNAL_PROTO_H_
#define PAWL_TESTS_SIGNAL_PROTO_H_

#include <map>
#include <vector>

#include "base/bytes.h"

namespace pawl::signal {

// Enough of protobuf to read recordings of other implementations: the fields of one message. What
// is not there reads as 0 or as empty, as proto3 has it. For data that is known to be good.
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

  // LEB128; takes it off `bytes`.
  static uint64_t TakeVarInt(ByteView& bytes);

 private:
  std::map<uint64_t, uint64_t> numbers_;
  std::map<uint64_t, std::vector<Bytes>> blobs_;
};

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PROTO_H_
