#include "pawl/attachment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "offline_client.h"

namespace pawl::capi {
namespace {

class AttachmentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    client_.BeSomebody("alice@example.org");
    ASSERT_EQ(pawl_conversation_open(client_.get(), "bob@example.org", &conversation_), PAWL_OK);
  }
  void TearDown() override { pawl_conversation_release(conversation_); }

  OfflineClient client_;
  pawl_conversation* conversation_ = nullptr;
  pawl_id id_{};
  uint64_t request_ = 0;
};

TEST_F(AttachmentTest, RefusesWhatIsNoArgument) {
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  EXPECT_EQ(pawl_attachment_send_file(conversation_, nullptr, nullptr, &id_, &request_),
            PAWL_E_INVALID_ARGUMENT);
  const std::vector<uint8_t> thumbnail(17 * 1024);
  options.thumbnail = thumbnail.data();
  options.thumbnail_len = thumbnail.size();
  EXPECT_EQ(pawl_attachment_send_file(conversation_, "/tmp/x", &options, &id_, &request_),
            PAWL_E_TOO_LARGE);
  options = PAWL_ATTACHMENT_OPTIONS_INIT;
  const std::string name(300, 'n');
  options.name = name.c_str();
  EXPECT_EQ(pawl_attachment_send_file(conversation_, "/tmp/x", &options, &id_, &request_),
            PAWL_E_TOO_LARGE);
  options.struct_size = 8;
  EXPECT_EQ(pawl_attachment_send_file(conversation_, "/tmp/x", &options, &id_, &request_),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_attachment_send_fd(conversation_, -1, nullptr, &id_, &request_),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_attachment_download(client_.get(), nullptr, "/tmp/x", &request_),
            PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_attachment_download(client_.get(), &id_, nullptr, &request_),
            PAWL_E_INVALID_ARGUMENT);
}

TEST_F(AttachmentTest, AFileThatIsNotThereEndsTheRequestNotTheProgram) {
  ASSERT_EQ(pawl_attachment_send_file(conversation_, client_.File("none").c_str(), nullptr, &id_,
                                      &request_),
            PAWL_OK);
  EXPECT_EQ(client_.Wait(request_), PAWL_E_NOT_FOUND);
}

TEST_F(AttachmentTest, PiecesAreTakenUpToTheAnnouncedSize) {
  pawl_upload* upload = nullptr;
  ASSERT_EQ(pawl_upload_begin(conversation_, 4, nullptr, &id_, &request_, &upload), PAWL_OK);
  const uint8_t bytes[] = {1, 2, 3, 4, 5};
  EXPECT_EQ(pawl_upload_write(upload, bytes, 5, 0), PAWL_E_TOO_LARGE);
  EXPECT_EQ(pawl_upload_write(upload, nullptr, 5, 0), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(pawl_upload_write(upload, bytes, 4, 0), PAWL_OK);
  EXPECT_EQ(pawl_upload_write(upload, bytes, 1, 0), PAWL_E_TOO_LARGE);
  pawl_upload_close(upload);
  EXPECT_EQ(pawl_upload_write(upload, bytes, 0, 0), PAWL_E_CLOSED);
  pawl_upload_release(upload);
}

TEST_F(AttachmentTest, CancellingWhatIsNotUnderWayIsTold) {
  ASSERT_EQ(pawl_attachment_cancel(client_.get(), &id_, &request_), PAWL_OK);
  EXPECT_EQ(client_.Wait(request_), PAWL_E_NOT_FOUND);
}

}  // namespace
}  // namespace pawl::capi
