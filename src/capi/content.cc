#include "capi/content.h"

#include <algorithm>
#include <cstring>
#include <variant>

#include "capi/arguments.h"

namespace pawl::capi {
namespace {

namespace c = ::pawl::client;

// Above every limit of a content's texts, which Compose knows.
constexpr size_t kMaxText = 256 * 1024;

absl::StatusOr<MessageId> RefIn(const pawl_content& in) {
  if (in.ref == nullptr) return Fail(Code::kInvalidArgument, "this kind of content needs a ref");
  ByteArray<16> bytes;
  std::memcpy(bytes.data(), in.ref->bytes, bytes.size());
  return MessageId(bytes);
}

absl::StatusOr<decltype(c::ContentView::body)> BodyIn(const pawl_content& in) {
  PAWL_ASSIGN(const std::string_view text, OptionalTextIn(in.text, kMaxText));
  PAWL_ASSIGN(const std::string_view name, OptionalTextIn(in.name, kMaxText));
  PAWL_ASSIGN(const ByteView data, BytesIn(in.data, in.data_len));
  switch (in.kind) {
    case PAWL_CONTENT_TEXT:
      return c::TextView{text};
    case PAWL_CONTENT_REPLY: {
      PAWL_ASSIGN(const MessageId ref, RefIn(in));
      return c::ReplyView{ref, text};
    }
    case PAWL_CONTENT_EDIT: {
      PAWL_ASSIGN(const MessageId ref, RefIn(in));
      return c::EditView{ref, text};
    }
    case PAWL_CONTENT_DELETE: {
      PAWL_ASSIGN(const MessageId ref, RefIn(in));
      return c::DeleteView{ref};
    }
    case PAWL_CONTENT_REACTION: {
      PAWL_ASSIGN(const MessageId ref, RefIn(in));
      return c::ReactionView{ref, text, in.is_removed != 0};
    }
    case PAWL_CONTENT_LOCATION:
      return c::LocationView{in.latitude, in.longitude, static_cast<float>(in.accuracy_m), text};
    case PAWL_CONTENT_CONTACT: {
      PAWL_ASSIGN(const std::string_view address, TextIn(in.address, kMaxText));
      return c::ContactView{address, name};
    }
    case PAWL_CONTENT_CUSTOM: {
      PAWL_ASSIGN(const std::string_view type, TextIn(in.media_type, kMaxText));
      return c::CustomView{type, data};
    }
    default:
      return Fail(Code::kInvalidArgument, "this kind of content is not sent like this");
  }
}

// Turns views into texts that end with a NUL, in wiped memory. Pointers are set in a second pass,
// when the memory has its size.
class Texts {
 public:
  void Add(std::string_view text, const char*& pointer) {
    wanted_[count_++] = {text, &pointer};
    size_ += text.size() + 1;
  }
  crypto::SecretBytes Settle() const {
    crypto::SecretBytes memory(size_);
    uint8_t* at = memory.Writable().data();
    for (size_t i = 0; i < count_; ++i) {
      *wanted_[i].pointer = reinterpret_cast<const char*>(at);
      at = std::copy(wanted_[i].text.begin(), wanted_[i].text.end(), at);
      *at++ = 0;
    }
    return memory;
  }

 private:
  struct Wanted {
    std::string_view text;
    const char** pointer = nullptr;
  };
  Wanted wanted_[4];
  size_t count_ = 0;
  size_t size_ = 0;
};

// Fills in the fields of one kind of body.
struct Filler {
  ContentHolder& out;
  Texts& texts;

  void Ref(const MessageId& ref) const {
    out.ref = IdOut(*ref);
    out.content.ref = &out.ref;
  }
  void Data(ByteView data) const {
    out.content.data = data.data();
    out.content.data_len = data.size();
  }

  int32_t operator()(const c::UnknownView&) const { return PAWL_CONTENT_UNKNOWN; }
  int32_t operator()(const c::TextView& body) const {
    texts.Add(body.text, out.content.text);
    return PAWL_CONTENT_TEXT;
  }
  int32_t operator()(const c::ReplyView& body) const {
    Ref(body.to);
    texts.Add(body.text, out.content.text);
    return PAWL_CONTENT_REPLY;
  }
  int32_t operator()(const c::EditView& body) const {
    Ref(body.of);
    texts.Add(body.text, out.content.text);
    return PAWL_CONTENT_EDIT;
  }
  int32_t operator()(const c::DeleteView& body) const {
    Ref(body.of);
    return PAWL_CONTENT_DELETE;
  }
  int32_t operator()(const c::ReactionView& body) const {
    Ref(body.to);
    texts.Add(body.emoji, out.content.text);
    out.content.is_removed = body.removed ? 1 : 0;
    return PAWL_CONTENT_REACTION;
  }
  int32_t operator()(const c::AttachmentView& body) const {
    texts.Add(body.name, out.content.name);
    texts.Add(body.media_type, out.content.media_type);
    texts.Add(body.caption, out.content.text);
    out.content.size = body.size;
    Data(body.thumbnail);
    return PAWL_CONTENT_ATTACHMENT;
  }
  int32_t operator()(const c::LocationView& body) const {
    out.content.latitude = body.latitude;
    out.content.longitude = body.longitude;
    out.content.accuracy_m = static_cast<double>(body.accuracy_m);
    texts.Add(body.label, out.content.text);
    return PAWL_CONTENT_LOCATION;
  }
  int32_t operator()(const c::ContactView& body) const {
    texts.Add(body.address, out.content.address);
    texts.Add(body.name, out.content.name);
    return PAWL_CONTENT_CONTACT;
  }
  int32_t operator()(const c::CustomView& body) const {
    texts.Add(body.type, out.content.media_type);
    Data(body.data);
    return PAWL_CONTENT_CUSTOM;
  }
};

}  // namespace

pawl_id IdOut(const ByteArray<16>& bytes) {
  pawl_id id;
  std::memcpy(id.bytes, bytes.data(), bytes.size());
  return id;
}

absl::StatusOr<c::ContentView> ContentIn(const pawl_content* content) {
  PAWL_ASSIGN(const pawl_content in, StructIn(content, PAWL_BASELINE(pawl_content, expires_in_s)));
  c::ContentView view;
  PAWL_ASSIGN(view.body, BodyIn(in));
  view.expires_in_s = in.expires_in_s;
  return view;
}

absl::Status ContentOut(ByteView bytes, ContentHolder& out) {
  PAWL_ASSIGN(const c::ContentView view, c::ContentView::Parse(bytes));
  out.content.struct_size = sizeof(pawl_content);
  out.content.expires_in_s = view.expires_in_s;
  Texts texts;
  out.content.kind = std::visit(Filler{out, texts}, view.body);
  out.texts = texts.Settle();
  return OkStatus();
}

}  // namespace pawl::capi
