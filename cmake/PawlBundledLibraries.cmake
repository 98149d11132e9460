# The third-party code of the bundled library: static archives from the cache, nothing of the system's.

# _pawl_bundled(<target> <name> [<archive>]): the built tree of `name` as pawl::<target>.
function(_pawl_bundled target name)
  _pawl_cached(${name} prefix)
  if(NOT prefix)
    message(FATAL_ERROR "${name} is missing: run ./dev setup bundled")
  endif()
  set(PAWL_BUNDLED_${name} "${prefix}" PARENT_SCOPE)
  if(ARGC GREATER 2)
    add_library(pawl::${target} STATIC IMPORTED GLOBAL)
    set_target_properties(pawl::${target} PROPERTIES IMPORTED_LOCATION "${prefix}/lib/${ARGV2}")
  else()
    add_library(pawl::${target} INTERFACE IMPORTED GLOBAL)
  endif()
  target_include_directories(pawl::${target} SYSTEM INTERFACE "${prefix}/include")
endfunction()

_pawl_bundled(absl abseil libabsl.a)
_pawl_bundled(libcrypto openssl libcrypto.a)
_pawl_bundled(libssl openssl libssl.a)
_pawl_bundled(flatbuffers flatbuffers)
_pawl_bundled(libwebsockets libwebsockets libwebsockets.a)

target_link_libraries(pawl::absl INTERFACE Threads::Threads)
target_link_libraries(pawl::libcrypto INTERFACE Threads::Threads)
target_link_libraries(pawl::libssl INTERFACE pawl::libcrypto)
target_link_libraries(pawl::libwebsockets INTERFACE pawl::libssl)

# The headers and the program that writes for them are of one release.
set(PAWL_FLATC "${PAWL_BUNDLED_flatbuffers}/bin/flatc")
