#include "transport/ws/socket_table.h"

#include <gtest/gtest.h>

namespace pawl::transport::ws {
namespace {

using Stage = Socket::Stage;

Socket& Taken(SocketTable& table) {
  Socket* socket = table.Take();
  EXPECT_NE(socket, nullptr);
  socket->stage = Stage::kResolving;
  return *socket;
}

TEST(SocketTable, PlacesAreLimited) {
  SocketTable table(2, 100);
  Taken(table);
  Taken(table);
  EXPECT_EQ(table.Take(), nullptr);
}

TEST(SocketTable, AnIdFindsItsSocketWhileItLives) {
  SocketTable table(2, 100);
  Socket& socket = Taken(table);
  const SocketId id = socket.id;
  EXPECT_EQ(table.Find(id), &socket);
  EXPECT_EQ(table.Find(SocketId{}), nullptr);
  EXPECT_EQ(table.Find(SocketId{id.slot + 1, id.generation}), nullptr);
  EXPECT_EQ(table.Find(SocketId{99, id.generation}), nullptr);
  socket.stage = Stage::kEnded;
  EXPECT_EQ(table.Find(id), nullptr);
}

TEST(SocketTable, APlaceIsFreeWhenOwnerAndLibraryAreDone) {
  SocketTable table(1, 100);
  Socket& socket = Taken(table);
  int connection = 0;
  socket.stage = Stage::kEnded;
  socket.wsi = reinterpret_cast<lws*>(&connection);
  table.FreeIfDone(socket);
  EXPECT_EQ(table.Take(), nullptr);
  socket.told = true;
  table.FreeIfDone(socket);
  EXPECT_EQ(table.Take(), nullptr);
  socket.wsi = nullptr;
  table.FreeIfDone(socket);
  EXPECT_EQ(table.Take(), &socket);
}

TEST(SocketTable, TheNextInAPlaceHasANewIdAndACleanSlate) {
  SocketTable table(1, 100);
  Socket& socket = Taken(table);
  const SocketId old = socket.id;
  socket.outgoing.push_back(Bytes(10));
  socket.incoming.Add(Bytes(10), 0, false);
  socket.end = SocketEnd{};
  socket.upgrading = true;
  socket.wants_ping = true;
  socket.stage = Stage::kEnded;
  socket.told = true;
  table.FreeIfDone(socket);
  Socket& next = Taken(table);
  EXPECT_EQ(next.id.slot, old.slot);
  EXPECT_NE(next.id, old);
  EXPECT_EQ(table.Find(old), nullptr);
  EXPECT_TRUE(next.outgoing.empty());
  EXPECT_FALSE(next.end);
  EXPECT_FALSE(next.upgrading);
  EXPECT_FALSE(next.wants_ping);
  EXPECT_FALSE(next.told);
  EXPECT_EQ(next.incoming.Add(Bytes{1}, 0, true), MessageAssembler::Result::kComplete);
  EXPECT_EQ(next.incoming.message().size(), 1u);
}

}  // namespace
}  // namespace pawl::transport::ws
