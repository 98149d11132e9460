#include <string_view>

#include "base/bytes.h"
#include "wire/content_builder.h"

namespace {

using pawl::wire::ToText;
using pawl::wire::ToView;

// What verified must be readable: a C string, and every byte of every vector.
size_t Touch(const flatbuffers::String* text) {
  return text == nullptr ? 0 : std::string_view(text->c_str()).size() == text->size();
}
size_t Touch(const flatbuffers::Vector<uint8_t>* bytes) {
  size_t sum = 0;
  if (bytes != nullptr) {
    for (uint8_t byte : ToView(*bytes)) sum += byte;
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace pawl::wire;
  const ContentBytes bytes = CopyContent({data, size});
  const auto verified = VerifyContent(bytes.view());
  if (!verified.ok()) return 0;
  const fb::Content& content = **verified;
  size_t sum = ToMessageId(*content.id()).value()[0] + Touch(content.franking());
  if (const auto* text = content.body_as_Text()) {
    sum += Touch(text->text());
  } else if (const auto* attachment = content.body_as_Attachment()) {
    sum += Touch(attachment->key()) + Touch(attachment->root()) + Touch(attachment->blob()) +
           Touch(attachment->name()) + Touch(attachment->thumbnail()) +
           Touch(attachment->caption()) + Touch(attachment->media_type());
  } else if (const auto* receipt = content.body_as_Receipt()) {
    for (const fb::Id16* id : *receipt->messages()) sum += ToMessageId(*id).value()[15];
  } else if (const auto* custom = content.body_as_Custom()) {
    sum += Touch(custom->type()) + Touch(custom->data());
  } else if (const auto* sync = content.body_as_SyncSent()) {
    sum += Touch(sync->to()) + Touch(sync->content());
  } else if (const auto* contact = content.body_as_SyncContact()) {
    sum += Touch(contact->address()) + Touch(contact->name()) + Touch(contact->delivery_key()) +
           contact->version();
  }
  return sum == SIZE_MAX ? 1 : 0;
}
