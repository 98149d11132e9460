#include "transport/ws/socket_table.h"

namespace pawl::transport::ws {

SocketTable::SocketTable(size_t max_sockets, size_t max_message) {
  sockets_.reserve(max_sockets);
  for (size_t slot = 0; slot < max_sockets; ++slot) {
    sockets_.emplace_back(static_cast<uint32_t>(slot), max_message);
  }
}

Socket* SocketTable::Take() {
  for (Socket& socket : sockets_) {
    if (socket.stage != Socket::Stage::kFree) continue;
    ++socket.id.generation;
    return &socket;
  }
  return nullptr;
}

Socket* SocketTable::Find(SocketId id) {
  if (id.slot >= sockets_.size()) return nullptr;
  Socket& socket = sockets_[id.slot];
  const bool is_live =
      socket.stage != Socket::Stage::kFree && socket.stage != Socket::Stage::kEnded;
  return is_live && socket.id == id ? &socket : nullptr;
}

void SocketTable::FreeIfDone(Socket& socket) {
  if (socket.stage != Socket::Stage::kEnded || !socket.told || socket.wsi != nullptr) return;
  socket.stage = Socket::Stage::kFree;
  socket.endpoint = {};
  socket.addresses.clear();
  socket.upgrading = false;
  socket.end.reset();
  socket.told = false;
  socket.incoming.Reset();
  socket.outgoing.clear();
  socket.wants_ping = false;
  socket.close_code = kCloseNormal;
  socket.owes_goodbye = false;
}

}  // namespace pawl::transport::ws
