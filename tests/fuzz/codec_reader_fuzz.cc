#include "base/bytes.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "support/fuzz_require.h"

namespace {

using namespace pawl;
using codec::Reader;
using codec::Writer;

// One read, chosen by `what`, and the same value written again.
void ReadAndWrite(uint8_t what, Reader& reader, Writer& writer) {
  const size_t max = what >> 4;
  switch (what & 0x0f) {
    case 0:
      writer.U8(reader.U8());
      return;
    case 1:
      writer.U16(reader.U16());
      return;
    case 2:
      writer.U32(reader.U32());
      return;
    case 3:
      writer.U64(reader.U64());
      return;
    case 4:
      writer.Raw(reader.Fixed(max));
      return;
    case 5:
      writer.Vector8(reader.Vector8(max));
      return;
    case 6:
      writer.Vector16(reader.Vector16(max));
      return;
    case 7:
      writer.Vector32(reader.Vector32(max));
      return;
    case 8:
      writer.VectorV(reader.VectorV(16 * max));
      return;
    case 9:
      writer.VarInt(reader.VarInt());
      return;
    default:
      writer.Raw(reader.Array<3>());
      return;
  }
}

}  // namespace

// n, n choices of what to read, and the bytes that are read. What reads well is the one encoding of
// what was read; a failure leaves nothing to read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size - 1 < data[0] % 32) return 0;
  const ByteView choices(data + 1, data[0] % 32);
  const ByteView input(data + 1 + choices.size(), size - 1 - choices.size());
  Reader reader(input);
  Writer writer;
  for (uint8_t what : choices) {
    ReadAndWrite(what, reader, writer);
    if (!reader.ok()) {
      test::Require(reader.remaining() == 0 && reader.U64() == 0 && reader.Rest().empty());
      test::Require(!reader.Finish().ok());
      return 0;
    }
  }
  const size_t consumed = input.size() - reader.remaining();
  test::Require(reader.Finish().ok() == (reader.remaining() == 0));
  test::Require(writer.ok() && SameBytes(writer.view(), input.first(consumed)));
  return 0;
}
