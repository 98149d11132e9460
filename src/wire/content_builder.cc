#include "wire/content_builder.h"

#include <cstring>

#include "wire/wiping_allocator.h"

namespace pawl::wire {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using AnyBody = flatbuffers::Offset<void>;

// Tables, vtables, ids and paddings of the largest body; what varies is added to it, so that the
// builder's first allocation is its only one.
constexpr size_t kFixedSize = 512;
constexpr size_t kBuiltAlignment = 8;

WipingAllocator& Allocator() {
  static WipingAllocator allocator;
  return allocator;
}

fb::Id16 Packed(const ByteArray<16>& id) { return fb::Id16(id); }

flatbuffers::Offset<flatbuffers::String> Packed(Builder& builder, std::string_view text) {
  return builder.CreateString(text.data(), text.size());
}
// Absent rather than empty.
flatbuffers::Offset<flatbuffers::String> PackedOptional(Builder& builder, std::string_view text) {
  return text.empty() ? flatbuffers::Offset<flatbuffers::String>() : Packed(builder, text);
}

flatbuffers::Offset<flatbuffers::Vector<uint8_t>> Packed(Builder& builder, ByteView bytes) {
  uint8_t* copy = nullptr;
  const auto vector = builder.CreateUninitializedVector(bytes.size(), &copy);
  if (!bytes.empty()) std::memcpy(copy, bytes.data(), bytes.size());
  return vector;
}
flatbuffers::Offset<flatbuffers::Vector<uint8_t>> PackedOptional(Builder& builder, ByteView bytes) {
  return bytes.empty() ? flatbuffers::Offset<flatbuffers::Vector<uint8_t>>()
                       : Packed(builder, bytes);
}

flatbuffers::Offset<flatbuffers::Vector<const fb::Id16*>> Packed(Builder& builder,
                                                                 std::span<const MessageId> ids) {
  fb::Id16* copies = nullptr;
  const auto vector = builder.CreateUninitializedVectorOfStructs(ids.size(), &copies);
  for (size_t i = 0; i < ids.size(); ++i) copies[i] = Packed(*ids[i]);
  return vector;
}

// `variable` counts the body's own bytes; `pack` writes the body table and returns its offset.
template <typename PackBody>
absl::StatusOr<ContentBytes> BuildContent(const ContentHeader& header, fb::Body type,
                                          size_t variable, PackBody pack) {
  if (variable > kMaxContentSize) return Fail(Code::kTooLarge, "content above limit");
  Builder builder(kFixedSize + variable, &Allocator(), /*own_allocator=*/false);
  builder.Align(kBuiltAlignment);
  const AnyBody body = pack(builder);
  const fb::Id16 id = Packed(*header.id);
  const fb::Id16 conversation = Packed(*header.conversation);
  builder.Finish(fb::CreateContent(builder, &id, header.sent_at.ms, &conversation,
                                   header.expires_in_s, 0, type, body),
                 fb::ContentIdentifier());
  ContentBytes content(builder.Release());
  const auto verified = VerifyContent(content.view());
  if (verified.ok()) return content;
  if (CodeOf(verified) == Code::kTooLarge) return verified.status();
  return Fail(Code::kInvalidArgument, "content has a field out of range");
}

size_t SizeOf(std::span<const MessageId> ids) { return ids.size() * sizeof(MessageId); }

}  // namespace

ContentBytes CopyContent(ByteView bytes) {
  uint8_t* copy = Allocator().allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(copy, bytes.data(), bytes.size());
  return ContentBytes(flatbuffers::DetachedBuffer(&Allocator(), /*own_allocator=*/false, copy,
                                                  bytes.size(), copy, bytes.size()));
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Text& body) {
  return BuildContent(header, fb::Body::Text, body.text.size(), [&](Builder& builder) {
    return fb::CreateText(builder, Packed(builder, body.text)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Reply& body) {
  return BuildContent(header, fb::Body::Reply, body.text.size(), [&](Builder& builder) {
    const fb::Id16 to = Packed(*body.to);
    return fb::CreateReply(builder, &to, Packed(builder, body.text)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Edit& body) {
  return BuildContent(header, fb::Body::Edit, body.text.size(), [&](Builder& builder) {
    const fb::Id16 of = Packed(*body.of);
    return fb::CreateEdit(builder, &of, Packed(builder, body.text)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Delete& body) {
  return BuildContent(header, fb::Body::Delete, 0, [&](Builder& builder) {
    const fb::Id16 of = Packed(*body.of);
    return fb::CreateDelete(builder, &of).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Reaction& body) {
  return BuildContent(header, fb::Body::Reaction, body.emoji.size(), [&](Builder& builder) {
    const fb::Id16 to = Packed(*body.to);
    return fb::CreateReaction(builder, &to, Packed(builder, body.emoji), body.removed).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Receipt& body) {
  return BuildContent(header, fb::Body::Receipt, SizeOf(body.messages), [&](Builder& builder) {
    return fb::CreateReceipt(builder, body.kind, Packed(builder, body.messages)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Typing& body) {
  return BuildContent(header, fb::Body::Typing, 0, [&](Builder& builder) {
    return fb::CreateTyping(builder, body.active).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Attachment& body) {
  const size_t variable = body.key.size() + body.root.size() + body.name.size() +
                          body.media_type.size() + body.thumbnail.size() + body.caption.size();
  return BuildContent(header, fb::Body::Attachment, variable, [&](Builder& builder) {
    const auto blob = Packed(builder, ByteView(*body.blob));
    const auto key = Packed(builder, body.key);
    const auto root = Packed(builder, body.root);
    const auto name = PackedOptional(builder, body.name);
    const auto media_type = PackedOptional(builder, body.media_type);
    const auto thumbnail = PackedOptional(builder, body.thumbnail);
    const auto caption = PackedOptional(builder, body.caption);
    return fb::CreateAttachment(builder, blob, key, root, body.size, body.padded_size, name,
                                media_type, thumbnail, caption)
        .Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Location& body) {
  return BuildContent(header, fb::Body::Location, body.label.size(), [&](Builder& builder) {
    return fb::CreateLocation(builder, body.latitude, body.longitude, body.accuracy_m,
                              PackedOptional(builder, body.label))
        .Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Contact& body) {
  const size_t variable = body.address.size() + body.name.size();
  return BuildContent(header, fb::Body::Contact, variable, [&](Builder& builder) {
    const auto address = Packed(builder, body.address);
    return fb::CreateContact(builder, address, PackedOptional(builder, body.name)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Custom& body) {
  const size_t variable = body.type.size() + body.data.size();
  return BuildContent(header, fb::Body::Custom, variable, [&](Builder& builder) {
    const auto type = Packed(builder, body.type);
    return fb::CreateCustom(builder, type, PackedOptional(builder, body.data)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Confirmed& body) {
  return BuildContent(header, fb::Body::Confirmed, SizeOf(body.messages), [&](Builder& builder) {
    return fb::CreateConfirmed(builder, Packed(builder, body.messages)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const DeliveryKey& body) {
  return BuildContent(header, fb::Body::DeliveryKey, body.key.size(), [&](Builder& builder) {
    return fb::CreateDeliveryKey(builder, Packed(builder, body.key)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const ContactRequest& body) {
  const size_t variable = body.delivery_key.size() + body.name.size();
  return BuildContent(header, fb::Body::ContactRequest, variable, [&](Builder& builder) {
    const auto key = PackedOptional(builder, body.delivery_key);
    return fb::CreateContactRequest(builder, key, PackedOptional(builder, body.name)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const ContactAnswer& body) {
  const size_t variable = body.delivery_key.size();
  return BuildContent(header, fb::Body::ContactAnswer, variable, [&](Builder& builder) {
    const auto key = PackedOptional(builder, body.delivery_key);
    return fb::CreateContactAnswer(builder, body.accepted, key).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const SyncSent& body) {
  const size_t variable = body.to.size() + body.content.size();
  return BuildContent(header, fb::Body::SyncSent, variable, [&](Builder& builder) {
    const auto to = Packed(builder, body.to);
    return fb::CreateSyncSent(builder, to, Packed(builder, body.content)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const SyncRead& body) {
  return BuildContent(header, fb::Body::SyncRead, SizeOf(body.messages), [&](Builder& builder) {
    const fb::Id16 conversation = Packed(*body.conversation);
    return fb::CreateSyncRead(builder, &conversation, Packed(builder, body.messages)).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const SyncContact& body) {
  const size_t variable = body.address.size() + body.delivery_key.size() + body.name.size();
  return BuildContent(header, fb::Body::SyncContact, variable, [&](Builder& builder) {
    const auto address = Packed(builder, body.address);
    const auto key = PackedOptional(builder, body.delivery_key);
    const auto name = PackedOptional(builder, body.name);
    return fb::CreateSyncContact(builder, address, body.state, key, name, body.version).Union();
  });
}

absl::StatusOr<ContentBytes> Build(const ContentHeader& header, const Resume& body) {
  return BuildContent(header, fb::Body::Resume, sizeof(fb::Id16), [&](Builder& builder) {
    const fb::Id16 last = body.last ? Packed(**body.last) : fb::Id16();
    return fb::CreateResume(builder, body.last ? &last : nullptr, body.answer, body.lost).Union();
  });
}

}  // namespace pawl::wire
