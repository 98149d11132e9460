# What the bundled build hands out (docs/bundled.md): slices, each a shared library with everything inside and a size
# that it must not exceed, and the whole as one archive for extension modules that link it in.

# Every function of the C ABI, as `-u` roots: an archive gives what is asked for.
function(_pawl_public_functions out)
  set(map "${PROJECT_SOURCE_DIR}/src/capi/pawl.map")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${map}")
  file(STRINGS "${map}" names REGEX "^ +pawl_[a-z0-9_]+;")
  list(TRANSFORM names REPLACE " *(pawl_[a-z0-9_]+).*" "\\1")
  set(${out} ${names} PARENT_SCOPE)
endfunction()

# pawl_slice(<shared library> BUDGET <bytes, stripped>): its linker map and its limit, for ./dev size and its test.
function(pawl_slice target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "BUDGET" "")
  set(map "${CMAKE_CURRENT_BINARY_DIR}/${target}.linked")
  target_link_options(${target} PRIVATE "LINKER:-Map=${map}")
  set_property(GLOBAL APPEND_STRING PROPERTY PAWL_SLICES
    "${target} ${arg_BUDGET} $<TARGET_FILE:${target}> ${map}\n")
endfunction()

# --- core: identities and sessions over the app's own transport; no store, no network ------------------
# The public headers' own files; whatever they call comes out of the layers' archives, and no more.
set(_core status version buffer identity session)
list(TRANSFORM _core REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/src/capi/\\1.cc")
add_library(pawl_core SHARED ${_core})
target_compile_options(pawl_core PRIVATE -Os)
target_link_libraries(pawl_core PRIVATE pawl_capi)
pawl_exports_abi_alone(pawl_core)
pawl_slice(pawl_core BUDGET 1000000)

# --- the full client ---------------------------------------------------------------------------------
pawl_slice(pawl BUDGET 6000000)

get_property(_slices GLOBAL PROPERTY PAWL_SLICES)
file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/slices.txt" CONTENT "${_slices}")

# --- the archive -------------------------------------------------------------------------------------
set(PAWL_BUNDLED_ARCHIVE "${CMAKE_CURRENT_BINARY_DIR}/libpawl_bundled.a" CACHE INTERNAL "")
set(_inputs "")
foreach(_layer IN LISTS _layers)
  pawl_layer_target(${_layer} _target)
  get_target_property(_type ${_target} TYPE)
  if(_type STREQUAL "STATIC_LIBRARY")
    list(APPEND _inputs $<TARGET_FILE:${_target}>)
  endif()
endforeach()
foreach(_library absl flatbuffers sodium sqlcipher libssl libcrypto libwebsockets)
  get_target_property(_type pawl::${_library} TYPE)
  if(_type STREQUAL "STATIC_LIBRARY")
    list(APPEND _inputs $<TARGET_FILE:pawl::${_library}>)
  endif()
endforeach()
foreach(_runtime stdc++ gcc_eh gcc)
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=lib${_runtime}.a
    OUTPUT_VARIABLE _file OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND _inputs "${_file}")
endforeach()
_pawl_public_functions(_functions)
list(APPEND _functions __cxa_pure_virtual)
list(TRANSFORM _functions PREPEND "-Wl,-u," OUTPUT_VARIABLE _roots)

set(_merge "${PROJECT_SOURCE_DIR}/cmake/merge_archive.sh")
add_custom_command(OUTPUT "${PAWL_BUNDLED_ARCHIVE}"
  COMMAND bash "${_merge}" "${PAWL_BUNDLED_ARCHIVE}"
    "${CMAKE_CXX_COMPILER}" "${CMAKE_OBJCOPY}" "${CMAKE_NM}" "${CMAKE_AR}"
    ${_roots} -Wl,--start-group ${_inputs} -Wl,--end-group
  DEPENDS "${_merge}" ${_inputs}
  COMMENT "Merging libpawl_bundled.a"
  VERBATIM COMMAND_EXPAND_LISTS)
add_custom_target(pawl_bundled_archive ALL DEPENDS "${PAWL_BUNDLED_ARCHIVE}")

# Pawl::bundled: link it from C, with a C compiler; the C++ runtime is inside.
add_library(Pawl::bundled STATIC IMPORTED GLOBAL)
add_dependencies(Pawl::bundled pawl_bundled_archive)
set(PAWL_BUNDLED_LINKS Threads::Threads ${CMAKE_DL_LIBS} m CACHE INTERNAL "")
set(PAWL_BUNDLED_LINK_OPTIONS
  LINKER:--gc-sections LINKER:--exclude-libs,libpawl_bundled.a LINKER:-z,max-page-size=16384
  LINKER:-z,nodelete CACHE INTERNAL "")
set_target_properties(Pawl::bundled PROPERTIES
  IMPORTED_LOCATION "${PAWL_BUNDLED_ARCHIVE}"
  IMPORTED_LINK_INTERFACE_LANGUAGES C
  INTERFACE_INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/include"
  INTERFACE_LINK_LIBRARIES "${PAWL_BUNDLED_LINKS}"
  INTERFACE_LINK_OPTIONS "${PAWL_BUNDLED_LINK_OPTIONS}")
