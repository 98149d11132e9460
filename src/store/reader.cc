#include "store/reader.h"

#include <algorithm>

#include "store/reader_impl.h"

namespace pawl::store {

Reader::Impl::Impl(std::unique_ptr<db::Connection> db, std::shared_ptr<std::atomic<int>> count)
    : open_readers(std::move(count)),
      connection(std::move(db)),
      batch(connection.get()),
      messages(batch),
      conversations(batch),
      peers(batch) {
  ++*open_readers;
}

Reader::Impl::~Impl() { --*open_readers; }

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

absl::StatusOr<std::vector<MessageRow>> Reader::History(const ConversationId& conversation,
                                                        std::optional<MessageRowId> before,
                                                        size_t limit) {
  impl_->batch.Start();
  return impl_->messages.History(conversation, before, std::min(limit, kMaxPage));
}

absl::StatusOr<std::optional<MessageRow>> Reader::Message(const MessageName& name) {
  impl_->batch.Start();
  return impl_->messages.Find(name);
}

absl::StatusOr<std::vector<ConversationRow>> Reader::Conversations(const ConversationRow* after,
                                                                   size_t limit) {
  impl_->batch.Start();
  return impl_->conversations.List(after, std::min(limit, kMaxPage));
}

absl::StatusOr<std::optional<ConversationRow>> Reader::Conversation(const ConversationId& id) {
  impl_->batch.Start();
  return impl_->conversations.Find(id);
}

absl::StatusOr<std::vector<ContactRow>> Reader::Contacts(std::string_view after, size_t limit) {
  impl_->batch.Start();
  return impl_->peers.Contacts(after, std::min(limit, kMaxPage));
}

absl::StatusOr<std::optional<PeerRow>> Reader::Peer(std::string_view address) {
  impl_->batch.Start();
  return impl_->peers.Find(address);
}

}  // namespace pawl::store
