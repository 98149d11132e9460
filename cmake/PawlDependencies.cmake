# Third-party libraries, each as one target. DESIGN §11 says which and why; `./dev setup` gets them.
#
#   sodium          static, PIC, from the cache that tools/setup fills (or a new enough system one)
#   sqlcipher       static, PIC, hidden, from the same cache
#   libcrypto       OpenSSL's libcrypto          libssl       OpenSSL's libssl
#   flatbuffers, libwebsockets, libev, absl      the system's

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

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

# --- libsodium and SQLCipher from the cache -----------------------------------------------------
# tools/setup/tarballs.txt: name version sha256 …; the built tree of a tarball stands in
# <cache>/<name>-<version>-<first 12 digits of sha256>.
if(DEFINED ENV{PAWL_CACHE})
  set(_cache "$ENV{PAWL_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(_cache "$ENV{XDG_CACHE_HOME}/pawl")
else()
  set(_cache "$ENV{HOME}/.cache/pawl")
endif()
set(PAWL_CACHE "${_cache}" CACHE PATH "Where ./dev setup keeps what it builds")

function(_pawl_cached name out)
  set(${out} "" PARENT_SCOPE)
  file(STRINGS "${PROJECT_SOURCE_DIR}/tools/setup/tarballs.txt" rows REGEX "^${name}[ \t]")
  foreach(row IN LISTS rows)
    separate_arguments(row UNIX_COMMAND "${row}")
    list(GET row 1 version)
    list(GET row 2 sha256)
    string(SUBSTRING "${sha256}" 0 12 short)
    set(prefix "${PAWL_CACHE}/${name}-${version}-${short}")
    if(EXISTS "${prefix}/.complete")
      set(${out} "${prefix}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

set(PAWL_SODIUM_ROOT "" CACHE PATH "Prefix of a static PIC libsodium >= 1.0.22; empty: the cache")
set(PAWL_SQLCIPHER_ROOT "" CACHE PATH "Prefix of a static PIC SQLCipher >= 4.5; empty: the cache")

set(_sodium "${PAWL_SODIUM_ROOT}")
if(NOT _sodium)
  _pawl_cached(libsodium _sodium)
endif()
if(_sodium)
  add_library(pawl::sodium STATIC IMPORTED GLOBAL)
  set_target_properties(pawl::sodium PROPERTIES
    IMPORTED_LOCATION "${_sodium}/lib/libsodium.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_sodium}/include"
    INTERFACE_COMPILE_DEFINITIONS SODIUM_STATIC=1
    INTERFACE_LINK_LIBRARIES Threads::Threads)
else()
  pkg_check_modules(SODIUM QUIET IMPORTED_TARGET GLOBAL libsodium>=1.0.22)
  if(NOT SODIUM_FOUND)
    message(FATAL_ERROR "libsodium >= 1.0.22 is missing: run ./dev setup")
  endif()
  add_library(pawl::sodium ALIAS PkgConfig::SODIUM)
endif()

set(_sqlcipher "${PAWL_SQLCIPHER_ROOT}")
if(NOT _sqlcipher)
  _pawl_cached(sqlcipher _sqlcipher)
endif()
if(NOT _sqlcipher)
  message(FATAL_ERROR "SQLCipher is missing: run ./dev setup")
endif()
# No fallback to a shared SQLCipher: in a process that holds the system's SQLite too, its symbols
# may resolve to that one, and the store would be written in plain text.
add_library(pawl::sqlcipher STATIC IMPORTED GLOBAL)
set_target_properties(pawl::sqlcipher PROPERTIES
  IMPORTED_LOCATION "${_sqlcipher}/lib/libsqlcipher.a"
  INTERFACE_INCLUDE_DIRECTORIES "${_sqlcipher}/include"
  INTERFACE_LINK_LIBRARIES "OpenSSL::Crypto;Threads::Threads;${CMAKE_DL_LIBS};m")
