#ifndef PAWL_RELAY_ENGINE_SQLITE_SCHEMA_H_
#define PAWL_RELAY_ENGINE_SQLITE_SCHEMA_H_

#include <span>

#include "db/migrations.h"

namespace pawl::relay::engine::sqlite {

// The tables of relay.db; FORMAT.md says what is in them and how to read them.
std::span<const db::Migration> Migrations();

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_SCHEMA_H_
