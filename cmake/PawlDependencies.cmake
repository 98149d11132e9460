# Third-party libraries, each as one target. DESIGN §11 says which and why; `./dev setup` gets them.
#
#   sodium          static, PIC, from the cache that tools/setup fills (or a new enough system one)
#   sqlcipher       static, PIC, hidden, from the same cache
#   libcrypto       OpenSSL's libcrypto          libssl       OpenSSL's libssl
#   flatbuffers, libwebsockets, libev, absl      the system's
#
# With PAWL_BUNDLED all of them come static, PIC and hidden from the cache (docs/bundled.md), and none from the system.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

include(PawlCache)
if(PAWL_BUNDLED)
  include(PawlBundledLibraries)
else()
  include(PawlSystemLibraries)
endif()

# --- libsodium and SQLCipher: from the cache in every build -----------------------------------------
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
set(_sqlcipher_archive libsqlcipher.a)
if(PAWL_BUNDLED)
  set(_sqlcipher_archive libsqlcipher_small.a)
endif()
add_library(pawl::sqlcipher STATIC IMPORTED GLOBAL)
set_target_properties(pawl::sqlcipher PROPERTIES
  IMPORTED_LOCATION "${_sqlcipher}/lib/${_sqlcipher_archive}"
  INTERFACE_INCLUDE_DIRECTORIES "${_sqlcipher}/include"
  INTERFACE_LINK_LIBRARIES "pawl::libcrypto;Threads::Threads;${CMAKE_DL_LIBS};m")
