# What the distribution's packages bring.

# --- Abseil -------------------------------------------------------------------------------------
find_package(absl CONFIG REQUIRED)
add_library(pawl_absl INTERFACE)
target_link_libraries(pawl_absl INTERFACE
  absl::status absl::statusor absl::strings absl::span absl::flat_hash_map absl::flat_hash_set
  absl::inlined_vector absl::fixed_array absl::hash absl::any_invocable absl::function_ref
  absl::cleanup absl::core_headers absl::int128)
add_library(pawl::absl ALIAS pawl_absl)

# --- OpenSSL ------------------------------------------------------------------------------------
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
add_library(pawl::libcrypto ALIAS OpenSSL::Crypto)
add_library(pawl::libssl ALIAS OpenSSL::SSL)

# --- FlatBuffers --------------------------------------------------------------------------------
find_package(FlatBuffers CONFIG QUIET)  # exact case: Debian's package answers to nothing else
if(NOT FlatBuffers_FOUND)
  find_package(Flatbuffers CONFIG REQUIRED)
endif()
find_program(PAWL_FLATC flatc REQUIRED)
add_library(pawl_flatbuffers INTERFACE)
target_link_libraries(pawl_flatbuffers INTERFACE
  $<IF:$<TARGET_EXISTS:flatbuffers::flatbuffers_shared>,flatbuffers::flatbuffers_shared,flatbuffers::flatbuffers>)
add_library(pawl::flatbuffers ALIAS pawl_flatbuffers)

# --- libwebsockets ------------------------------------------------------------------------------
pkg_check_modules(LIBWEBSOCKETS REQUIRED IMPORTED_TARGET libwebsockets>=4.1.6)
add_library(pawl::libwebsockets ALIAS PkgConfig::LIBWEBSOCKETS)

# --- libev: the relay's event loop (libwebsockets-dev brings it; it has no pkg-config file) ----------
find_path(LIBEV_INCLUDE_DIR ev.h)
find_library(LIBEV_LIBRARY ev)
mark_as_advanced(LIBEV_INCLUDE_DIR LIBEV_LIBRARY)
if(NOT LIBEV_INCLUDE_DIR OR NOT LIBEV_LIBRARY)
  message(FATAL_ERROR "libev is missing: run ./dev setup")
endif()
add_library(pawl_libev INTERFACE)
target_include_directories(pawl_libev SYSTEM INTERFACE "${LIBEV_INCLUDE_DIR}")
target_link_libraries(pawl_libev INTERFACE "${LIBEV_LIBRARY}")
add_library(pawl::libev ALIAS pawl_libev)
