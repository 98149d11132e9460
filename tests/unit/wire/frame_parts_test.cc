#include "wire/frame_parts.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "wire/client_frames.h"

namespace pawl::wire {
namespace {

using ::pawl::test::HasCode;

// A header with the given sizes, over a payload that may not agree with it.
template <typename Table, typename Create>
absl::Status SplitStatus(fb::FrameBody type, Create create, size_t payload_size) {
  FrameWriter writer;
  const auto body = create(writer.Builder());
  EXPECT_TRUE(writer.Commit(type, body.Union(), {}));
  FrameReader reader(writer.message());
  const auto frame = reader.Next();
  if (!frame) return reader.status();
  const Bytes payload(payload_size, 1);
  return Split(*frame->header->template body_as<Table>(), payload).status();
}

absl::Status SplitRegister(uint32_t list, uint32_t epoch, size_t payload) {
  return SplitStatus<fb::Register>(
      fb::FrameBody::Register,
      [&](auto& builder) { return fb::CreateRegister(builder, 1, list, epoch); }, payload);
}

TEST(FrameParts, SizesMustAddUpToThePayload) {
  EXPECT_THAT(SplitRegister(3, 4, 7), test::IsOk());
  EXPECT_THAT(SplitRegister(3, 4, 8), HasCode(Code::kMalformed));
  EXPECT_THAT(SplitRegister(3, 4, 6), HasCode(Code::kMalformed));
}

TEST(FrameParts, SizesThatOverflowTogetherAreRefused) {
  EXPECT_THAT(SplitRegister(UINT32_MAX, 8, 7), HasCode(Code::kMalformed));
  EXPECT_THAT(SplitRegister(8, UINT32_MAX, 7), HasCode(Code::kMalformed));
}

TEST(FrameParts, PrekeyRecordsAreCountedBeforeTheyAreCut) {
  const auto split = [](size_t count) {
    return SplitStatus<fb::PrekeyPut>(
        fb::FrameBody::PrekeyPut,
        [&](auto& builder) {
          return fb::CreatePrekeyPut(builder, 1, 0,
                                     builder.CreateVector(std::vector<uint32_t>(count, 1)));
        },
        count);
  };
  EXPECT_THAT(split(kMaxOneTimePerPut), test::IsOk());
  EXPECT_THAT(split(kMaxOneTimePerPut + 1), HasCode(Code::kTooLarge));
}

TEST(FrameParts, APutWithoutOneTimeRecordsIsABundleAlone) {
  const auto status = SplitStatus<fb::PrekeyPut>(
      fb::FrameBody::PrekeyPut, [](auto& builder) { return fb::CreatePrekeyPut(builder, 1, 5); },
      5);
  EXPECT_THAT(status, test::IsOk());
}

TEST(FrameParts, AnAbsentTextIsEmpty) { EXPECT_EQ(ToText(nullptr), ""); }

TEST(FrameParts, ACodeOfALaterRelayIsAPlainRefusal) {
  for (int32_t code : {0, -1, 12345, INT32_MAX}) {
    FrameWriter writer;
    const auto body = fb::CreateError(writer.Builder(), 1, code);
    ASSERT_TRUE(writer.Commit(fb::FrameBody::Error, body.Union(), {}));
    FrameReader reader(writer.message());
    const auto frame = reader.Next();
    ASSERT_TRUE(frame);
    EXPECT_THAT(ToStatus(*frame->header->body_as_Error()), HasCode(Code::kRelayRefused));
  }
}

}  // namespace
}  // namespace pawl::wire
