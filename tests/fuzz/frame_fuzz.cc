#include "base/bytes.h"
#include "wire/frames.h"

// Bytes as one WebSocket message from a peer. Touches every field a side would read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace pawl;
  const Bytes message(data, data + size);  // a receive buffer is aligned
  wire::FrameReader reader(message);
  size_t sum = 0;
  while (const auto frame = reader.Next()) {
    for (uint8_t byte : frame->payload) sum += byte;
    if (const auto* body = frame->header->body_as_Register()) {
      sum += wire::Split(*body, frame->payload).ok() + wire::ToText(body->invitation()).size();
    } else if (const auto* put = frame->header->body_as_PrekeyPut()) {
      sum += wire::Split(*put, frame->payload).ok();
    } else if (const auto* result = frame->header->body_as_PrekeyResult()) {
      sum += wire::Split(*result, frame->payload).ok();
    } else if (const auto* send = frame->header->body_as_Send()) {
      sum += wire::ToText(send->account()).size() + wire::ToArray(*send->id())[15];
      if (send->delivery_key() != nullptr) sum += wire::ToArray(*send->delivery_key())[31];
    } else if (const auto* hello = frame->header->body_as_Hello()) {
      sum += wire::ToText(hello->account()).size() + wire::ToArray(*hello->nonce())[31];
    } else if (const auto* auth = frame->header->body_as_Auth()) {
      sum += wire::ToArray(*auth->signature())[63];
    } else if (const auto* ack = frame->header->body_as_Ack()) {
      for (int64_t cursor : *ack->cursors()) sum += static_cast<size_t>(cursor);
    } else if (const auto* error = frame->header->body_as_Error()) {
      sum += wire::ToStatus(*error).ok();
    }
  }
  return sum == SIZE_MAX ? 1 : 0;
}
