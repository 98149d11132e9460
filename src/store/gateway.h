#ifndef PAWL_STORE_GATEWAY_H_
#define PAWL_STORE_GATEWAY_H_

namespace pawl::store {

class Batch;

// What the table gateways have in common: the batch (batch.h) in whose transaction they work.
class Gateway {
 public:
  explicit Gateway(Batch& batch) : batch_(&batch) {}
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

 protected:
  ~Gateway() = default;
  Batch& batch() { return *batch_; }

 private:
  Batch* batch_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_GATEWAY_H_
