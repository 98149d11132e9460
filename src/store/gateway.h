#ifndef PAWL_STORE_GATEWAY_H_
#define PAWL_STORE_GATEWAY_H_

namespace pawl::db {
class Connection;
}

namespace pawl::store {

// What the table gateways have in common: a borrowed connection, whose cached statements they use.
class Gateway {
 public:
  explicit Gateway(db::Connection& db) : db_(&db) {}
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

 protected:
  ~Gateway() = default;
  db::Connection& db() { return *db_; }

 private:
  db::Connection* db_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_GATEWAY_H_
