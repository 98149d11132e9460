# How every file of Pawl is compiled. Third-party code never passes through here.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

# One set of objects serves the static layers and the shared library, and the shared library exports
# pawl_* alone (src/capi/pawl.map): everything else is hidden from the first compile on.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# The development build keeps assertions and line tables, and compiles fast enough to be run often.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

find_program(PAWL_CCACHE ccache)
mark_as_advanced(PAWL_CCACHE)
if(PAWL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache's own conditions for caching what uses a precompiled header; the tests do.
  set(_launcher "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${PAWL_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${_launcher}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${_launcher}")
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)

# pawl_flags: linked PRIVATE by every target of ours through pawl_target().
add_library(pawl_flags INTERFACE)
target_compile_options(pawl_flags INTERFACE
  -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wswitch-enum -Wundef -Wformat=2 -Wvla
  -fstack-protector-strong
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Woverloaded-virtual;-Wold-style-cast>
  $<$<COMPILE_LANG_AND_ID:CXX,Clang,AppleClang>:-Wthread-safety>
  $<$<BOOL:${PAWL_WERROR}>:-Werror>
  # GCC 12 sees overflows inside libstdc++'s string operations that are not there (its bugs 105329, 105651).
  $<$<AND:$<BOOL:${PAWL_WERROR}>,$<CXX_COMPILER_ID:GNU>>:-Wno-error=array-bounds;-Wno-error=restrict;-Wno-error=stringop-overflow>)
target_compile_definitions(pawl_flags INTERFACE
  $<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS>
  $<$<BOOL:${PAWL_KILL_POINTS}>:PAWL_KILL_POINTS>
  $<$<BOOL:${PAWL_SIM_HOOKS}>:PAWL_SIM_HOOKS>)
target_link_options(pawl_flags INTERFACE -Wl,--as-needed -Wl,-z,relro,-z,now)

if(PAWL_SANITIZE)
  set(_sanitize -fsanitize=${PAWL_SANITIZE} -fno-omit-frame-pointer)
  if(PAWL_SANITIZE MATCHES "undefined")
    # Abseil's and libstdc++'s attributes make GCC 14 report calls that are right.
    list(APPEND _sanitize -fno-sanitize-recover=undefined
      -fno-sanitize=null,nonnull-attribute,returns-nonnull-attribute)
  endif()
  target_compile_options(pawl_flags INTERFACE ${_sanitize})
  target_link_options(pawl_flags INTERFACE ${_sanitize}
    # A C program has the runtime that the C++ library in it needs.
    $<$<LINK_LANG_AND_ID:C,Clang>:-fsanitize-link-c++-runtime>)
  target_link_libraries(pawl_flags INTERFACE $<$<LINK_LANG_AND_ID:C,Clang>:stdc++>)
  # The distribution's Abseil is not instrumented. Without this its header-only half adds
  # sanitizer bookkeeping that the compiled half does not know of, and flat_hash_map crashes.
  target_compile_definitions(pawl_flags INTERFACE NDEBUG_SANITIZER)
  # For tests that measure: each compiler says it in a way of its own.
  target_compile_definitions(pawl_flags INTERFACE PAWL_SANITIZED)
else()
  target_compile_definitions(pawl_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
if(PAWL_BUNDLED)
  # What nobody calls is left out, the C++ runtime is inside, our own calls cannot be taken over by another library of
  # the process, and the library loads where memory pages have 16 KiB. Compilers refer to __cxa_pure_virtual weakly: an
  # archive would not give it, and the host's C++ runtime would.
  target_compile_options(pawl_flags INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(pawl_flags INTERFACE -static-libstdc++ -static-libgcc
    LINKER:--gc-sections LINKER:-Bsymbolic LINKER:-z,max-page-size=16384
    $<$<LINK_LANGUAGE:CXX>:LINKER:-u,__cxa_pure_virtual>)
endif()
if(PAWL_FUZZ)
  target_compile_options(pawl_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What a sanitized program needs in its environment; empty in other builds.
set(PAWL_TEST_ENVIRONMENT "")
if(PAWL_SANITIZE MATCHES "address")
  list(APPEND PAWL_TEST_ENVIRONMENT
    "ASAN_OPTIONS=allow_user_poisoning=0:detect_stack_use_after_return=1:strict_string_checks=1")
endif()
if(PAWL_SANITIZE MATCHES "undefined")
  list(APPEND PAWL_TEST_ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1")
endif()
if(PAWL_SANITIZE MATCHES "thread")
  list(APPEND PAWL_TEST_ENVIRONMENT
    "TSAN_OPTIONS=halt_on_error=1:suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp")
endif()

# The rest of ccache's conditions for precompiled headers is in the launcher above.
# What sources of src/ have in common is half of their time. The release build does without: that proves that nothing
# depends on it.
set(PAWL_CACHEABLE_HEADERS $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>
  "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>")
# Programs of one optimisation level share one header: pawl_precompile(<target> [<level>]).
function(pawl_precompile target)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PAWL_BUNDLED)
    return()
  endif()
  set(headers pawl_source_headers${ARGN})
  if(NOT TARGET ${headers})
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/src/precompiled.cc" CONTENT "")
    add_library(${headers} OBJECT "${PROJECT_BINARY_DIR}/src/precompiled.cc")
    pawl_target(${headers})
    pawl_as_shipped(${headers})
    target_compile_options(${headers} PRIVATE ${PAWL_CACHEABLE_HEADERS} ${ARGN})
    target_link_libraries(${headers} PRIVATE pawl::absl)
    target_precompile_headers(${headers} PRIVATE
      <absl/container/btree_map.h> <absl/container/flat_hash_map.h> <absl/status/statusor.h>
      <algorithm> <memory> <optional> <span> <string> <string_view> <variant> <vector>)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${headers})
  target_compile_options(${target} PRIVATE ${PAWL_CACHEABLE_HEADERS} ${ARGN})
endfunction()
