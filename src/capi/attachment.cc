#include "pawl/attachment.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "capi/arguments.h"
#include "capi/content.h"
#include "capi/conversation.h"

namespace pawl::capi {

// pawl_upload: the writing end.
struct Upload {
  ClientPtr client;  // outlives the source
  std::shared_ptr<runner::PushSource> source;
  ~Upload() { source->Close(); }
};

namespace {

constexpr size_t kMaxFileName = 255;
constexpr size_t kMaxMediaType = 127;
constexpr size_t kMaxCaption = 4 * 1024;
constexpr size_t kMaxThumbnail = 16 * 1024;

std::string LastPart(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// Relative paths mean what they mean now, whatever becomes of the process's working directory.
absl::StatusOr<std::string> PathIn(const char* path) {
  PAWL_ASSIGN(const std::string_view text, TextIn(path, kMaxPath));
  if (text.front() == '/') return std::string(text);
  const std::unique_ptr<char, decltype(&std::free)> here(::realpath(".", nullptr), &std::free);
  if (here == nullptr) return Fail(Code::kIo, "the working directory cannot be found");
  return std::string(here.get()) + '/' + std::string(text);
}

// What the options say about a file for this conversation.
absl::StatusOr<client::SendFile> FileIn(const Conversation& conversation,
                                        const pawl_attachment_options* options,
                                        std::string_view path) {
  pawl_attachment_options in{};
  if (options != nullptr) {
    PAWL_ASSIGN(in, StructIn(options, PAWL_BASELINE(pawl_attachment_options, thumbnail_len)));
  }
  client::SendFile file{.id = RandomMessageId(), .to = conversation.peer};
  file.path = path;
  file.name = LastPart(path);
  if (in.name != nullptr) {
    PAWL_ASSIGN(file.name, OptionalTextIn(in.name, kMaxFileName));
  }
  PAWL_ASSIGN(file.media_type, OptionalTextIn(in.media_type, kMaxMediaType));
  PAWL_ASSIGN(const std::string_view caption, OptionalTextIn(in.caption, kMaxCaption));
  file.caption = crypto::SecretBytes::From(AsBytes(caption));
  PAWL_ASSIGN(const ByteView thumbnail, BytesIn(in.thumbnail, in.thumbnail_len));
  if (thumbnail.size() > kMaxThumbnail || file.name.size() > kMaxFileName) {
    return Fail(Code::kTooLarge, "name or thumbnail are too large");
  }
  file.thumbnail = crypto::SecretBytes::From(thumbnail);
  file.expires_in_s = in.expires_in_s;
  return file;
}

size_t CostOf(const client::SendFile& file) {
  return file.path.size() + file.caption.size() + file.thumbnail.size();
}

absl::Status SendFile(pawl_conversation* conversation, const char* path,
                      const pawl_attachment_options* options, pawl_id* out_id, uint64_t* out) {
  PAWL_TRY(ClearOut(out_id));
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const auto object, OpenConversation(conversation));
  PAWL_ASSIGN(const std::string absolute, PathIn(path));
  PAWL_ASSIGN(client::SendFile file, FileIn(*object, options, absolute));
  const MessageId id = file.id;
  const size_t cost = CostOf(file);
  PAWL_TRY(Submit(*object->client, std::move(file), cost, out));
  *out_id = IdOut(*id);
  return OkStatus();
}

absl::Status SendDescriptor(pawl_conversation* conversation, int32_t fd,
                            const pawl_attachment_options* options, pawl_id* out_id,
                            uint64_t* out) {
  PAWL_TRY(ClearOut(out_id));
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const auto object, OpenConversation(conversation));
  PAWL_ASSIGN(client::SendFile file, FileIn(*object, options, {}));
  const MessageId id = file.id;
  PAWL_ASSIGN(const RequestId request, object->client->SubmitDescriptor(std::move(file), fd));
  *out = *request;
  *out_id = IdOut(*id);
  return OkStatus();
}

absl::Status Begin(pawl_conversation* conversation, uint64_t size,
                   const pawl_attachment_options* options, pawl_id* out_id, uint64_t* out,
                   pawl_upload** out_upload) {
  PAWL_TRY(ClearOut(out_id));
  PAWL_TRY(ClearOut(out));
  PAWL_TRY(ClearOut(out_upload));
  PAWL_ASSIGN(const auto object, OpenConversation(conversation));
  PAWL_ASSIGN(client::SendFile file, FileIn(*object, options, {}));
  const MessageId id = file.id;
  PAWL_ASSIGN(runner::Client::Pushed pushed, object->client->SubmitPushed(std::move(file), size));
  auto upload = std::make_shared<Upload>();
  upload->client = object->client;
  upload->source = std::move(pushed.source);
  PAWL_TRY(Put(std::move(upload), out_upload));
  *out = *pushed.request;
  *out_id = IdOut(*id);
  return OkStatus();
}

absl::Status Download(pawl_client* client, const pawl_id* message_id, const char* path,
                      uint64_t* out) {
  PAWL_TRY(ClearOut(out));
  PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
  PAWL_ASSIGN(const MessageId message, MessageIdIn(message_id));
  PAWL_ASSIGN(std::string absolute, PathIn(path));
  return Submit(*running, client::FetchFile{message, std::move(absolute)}, 0, out);
}

}  // namespace
}  // namespace pawl::capi

using namespace pawl::capi;

extern "C" {

pawl_status pawl_attachment_send_file(pawl_conversation* conversation, const char* path,
                                      const pawl_attachment_options* options,
                                      pawl_id* out_message_id, uint64_t* out_request_id) noexcept {
  return Guard(
      [&] { return SendFile(conversation, path, options, out_message_id, out_request_id); });
}

pawl_status pawl_attachment_send_fd(pawl_conversation* conversation, int32_t fd,
                                    const pawl_attachment_options* options, pawl_id* out_message_id,
                                    uint64_t* out_request_id) noexcept {
  return Guard(
      [&] { return SendDescriptor(conversation, fd, options, out_message_id, out_request_id); });
}

pawl_status pawl_upload_begin(pawl_conversation* conversation, uint64_t size,
                              const pawl_attachment_options* options, pawl_id* out_message_id,
                              uint64_t* out_request_id, pawl_upload** out_upload) noexcept {
  return Guard([&] {
    return Begin(conversation, size, options, out_message_id, out_request_id, out_upload);
  });
}

pawl_status pawl_upload_write(pawl_upload* upload, const uint8_t* bytes, size_t bytes_len,
                              int32_t timeout_ms) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const std::shared_ptr<Upload> object, Get(upload));
    PAWL_ASSIGN(const pawl::ByteView view, BytesIn(bytes, bytes_len));
    return object->source->Write(view, timeout_ms);
  });
}

void pawl_upload_close(pawl_upload* upload) noexcept {
  Guard([&]() -> absl::Status {
    PAWL_ASSIGN(const std::shared_ptr<Upload> object, Get(upload));
    object->source->Close();
    return pawl::OkStatus();
  });
}

void pawl_upload_release(pawl_upload* upload) noexcept { Drop(upload); }

pawl_status pawl_attachment_download(pawl_client* client, const pawl_id* message_id,
                                     const char* path, uint64_t* out_request_id) noexcept {
  return Guard([&] { return Download(client, message_id, path, out_request_id); });
}

pawl_status pawl_attachment_cancel(pawl_client* client, const pawl_id* message_id,
                                   uint64_t* out_request_id) noexcept {
  return Guard([&]() -> absl::Status {
    PAWL_TRY(ClearOut(out_request_id));
    PAWL_ASSIGN(const ClientPtr running, RunningClient(client));
    PAWL_ASSIGN(const pawl::MessageId message, MessageIdIn(message_id));
    return Submit(*running, pawl::client::CancelTransfer{message}, 0, out_request_id);
  });
}

}  // extern "C"
