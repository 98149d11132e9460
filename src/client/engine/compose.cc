#include "client/engine/compose.h"

namespace pawl::client {
namespace {

struct Builder {
  wire::ContentHeader header;

  absl::StatusOr<wire::ContentBytes> operator()(const TextView& v) const {
    return wire::Build(header, wire::Text{v.text});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const ReplyView& v) const {
    return wire::Build(header, wire::Reply{v.to, v.text});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const EditView& v) const {
    return wire::Build(header, wire::Edit{v.of, v.text});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const DeleteView& v) const {
    return wire::Build(header, wire::Delete{v.of});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const ReactionView& v) const {
    return wire::Build(header, wire::Reaction{v.to, v.emoji, v.removed});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const LocationView& v) const {
    return wire::Build(header, wire::Location{v.latitude, v.longitude, v.accuracy_m, v.label});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const ContactView& v) const {
    return wire::Build(header, wire::Contact{v.address, v.name});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const CustomView& v) const {
    return wire::Build(header, wire::Custom{v.type, v.data});
  }
  absl::StatusOr<wire::ContentBytes> operator()(const AttachmentView&) const {
    return Fail(Code::kInvalidArgument, "files are sent with SendFile");
  }
  absl::StatusOr<wire::ContentBytes> operator()(const UnknownView&) const {
    return Fail(Code::kInvalidArgument, "a message needs a body");
  }
};

}  // namespace

absl::StatusOr<wire::ContentBytes> Compose(const ContentView& content) {
  return std::visit(Builder{{.id = content.id,
                             .sent_at = content.sent_at,
                             .conversation = content.conversation,
                             .expires_in_s = content.expires_in_s}},
                    content.body);
}

}  // namespace pawl::client
