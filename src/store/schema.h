#ifndef PAWL_STORE_SCHEMA_H_
#define PAWL_STORE_SCHEMA_H_

#include <span>
#include <string_view>

namespace pawl::store {

// The tables, as the steps that lead to them: step i (from 0) takes a database from version i to
// version i + 1. A step that has been released is never changed again, only followed.
// src/store/FORMAT.md says what the columns mean.
std::span<const std::string_view> SchemaSteps();

}  // namespace pawl::store

#endif  // PAWL_STORE_SCHEMA_H_
