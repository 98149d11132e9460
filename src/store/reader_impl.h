#ifndef PAWL_STORE_READER_IMPL_H_
#define PAWL_STORE_READER_IMPL_H_

#include <atomic>
#include <memory>

#include "db/connection.h"
#include "store/batch.h"
#include "store/conversations.h"
#include "store/messages.h"
#include "store/peers.h"
#include "store/reader.h"

namespace pawl::store {

struct Reader::Impl {
  // `count` is raised while this lives.
  Impl(std::unique_ptr<db::Connection> db, std::shared_ptr<std::atomic<int>> count);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  std::shared_ptr<std::atomic<int>> open_readers;
  std::unique_ptr<db::Connection> connection;
  Batch batch;
  Messages messages;
  store::Conversations conversations;
  Peers peers;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_READER_IMPL_H_
