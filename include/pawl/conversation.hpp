#ifndef PAWL_CONVERSATION_HPP_
#define PAWL_CONVERSATION_HPP_

// A conversation of a client, and files on their way into it. Included by pawl.hpp.

#include <string>
#include <utility>

#include "pawl/handle.hpp"

namespace pawl {
inline namespace v0 {

// What an asynchronous call gives back at once.
using RequestId = uint64_t;
struct Sent {
  Id message_id;
  RequestId request_id = 0;
};

class Upload {
 public:
  explicit Upload(pawl_upload* handle) : handle_(handle) {}
  Result<void> write(ByteSpan bytes, int32_t timeout_ms = -1) {
    return internal::Check(
        pawl_upload_write(handle_.get(), bytes.data(), bytes.size(), timeout_ms));
  }
  void close() { pawl_upload_close(handle_.get()); }

 private:
  internal::Owned<pawl_upload> handle_;
};

class Conversation {
 public:
  explicit Conversation(pawl_conversation* handle) : handle_(handle) {}
  Result<Id> id() const {
    pawl_id out{};
    const pawl_status status = pawl_conversation_id(raw(), &out);
    return internal::Give(status, Id(out));
  }
  Result<Sent> send(const pawl_content& content) {
    Sent sent;
    const pawl_status status =
        pawl_conversation_send(raw(), &content, &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  Result<Sent> send_text(const std::string& text) {
    Sent sent;
    const pawl_status status =
        pawl_conversation_send_text(raw(), text.c_str(), &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  Result<Sent> send_file(const std::string& path,
                         const pawl_attachment_options* options = nullptr) {
    Sent sent;
    const pawl_status status = pawl_attachment_send_file(raw(), path.c_str(), options,
                                                         &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  Result<Sent> send_fd(int32_t fd, const pawl_attachment_options* options = nullptr) {
    Sent sent;
    const pawl_status status =
        pawl_attachment_send_fd(raw(), fd, options, &sent.message_id.raw, &sent.request_id);
    return internal::Give(status, std::move(sent));
  }
  struct Begun {
    Sent sent;
    Upload upload;
  };
  Result<Begun> begin_upload(uint64_t size, const pawl_attachment_options* options = nullptr) {
    Sent sent;
    pawl_upload* upload = nullptr;
    const pawl_status status =
        pawl_upload_begin(raw(), size, options, &sent.message_id.raw, &sent.request_id, &upload);
    return internal::Give(status, Begun{std::move(sent), Upload(upload)});
  }
  Result<RequestId> mark_read(const Id& message_id) {
    RequestId request = 0;
    const pawl_status status = pawl_conversation_mark_read(raw(), &message_id.raw, &request);
    return internal::Give(status, std::move(request));
  }
  Result<void> set_typing(bool is_typing) {
    return internal::Check(pawl_conversation_set_typing(raw(), is_typing ? 1 : 0));
  }
  Result<Messages> history(uint32_t limit, int64_t before = 0) const {
    pawl_messages* out = nullptr;
    const pawl_status status = pawl_conversation_history(raw(), before, limit, &out);
    return internal::Give(status, Messages(out));
  }
  void close() { pawl_conversation_close(raw()); }
  pawl_conversation* raw() const { return handle_.get(); }

 private:
  internal::Owned<pawl_conversation> handle_;
};

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_CONVERSATION_HPP_
