#ifndef PAWL_STORE_SCHEMA_H_
#define PAWL_STORE_SCHEMA_H_

#include <span>

#include "db/migrations.h"

namespace pawl::store {

// The tables, as the steps that lead to them. A step that was released is never changed again, only
// followed by others. src/store/FORMAT.md says what the columns mean.
std::span<const db::Migration> Migrations();

}  // namespace pawl::store

#endif  // PAWL_STORE_SCHEMA_H_
