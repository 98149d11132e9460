# libpawl, the shared library behind the C ABI, and its static twin. Both appear with src/capi.
if(NOT TARGET pawl_capi)
  return()
endif()
get_target_property(_type pawl_capi TYPE)
if(_type STREQUAL "INTERFACE_LIBRARY")
  return()  # headers only: nothing to export yet
endif()
target_include_directories(pawl_capi PUBLIC "${PROJECT_SOURCE_DIR}/include")

# tests/abi reads the types of the exported functions from the debugging information: more of it than a backtrace needs,
# which does not go with the others' precompiled header.
if(PAWL_BUILD_TESTS AND CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(pawl_capi PRIVATE -g2)
  set_target_properties(pawl_capi PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
endif()

# Every object that capi can reach, so that the static library stands on its own feet.
function(_pawl_reached layer out)
  set(seen ${${out}})
  if(NOT layer IN_LIST seen)
    list(APPEND seen ${layer})
    get_property(uses GLOBAL PROPERTY PAWL_LAYER_USES_${layer})
    foreach(used IN LISTS uses)
      _pawl_reached(${used} seen)
    endforeach()
  endif()
  set(${out} ${seen} PARENT_SCOPE)
endfunction()

set(_layers "")
_pawl_reached(capi _layers)
set(_objects "")
foreach(_layer IN LISTS _layers)
  pawl_layer_target(${_layer} _target)
  if(TARGET ${_target})
    get_target_property(_type ${_target} TYPE)
    if(_type STREQUAL "STATIC_LIBRARY")
      list(APPEND _objects $<TARGET_OBJECTS:${_target}>)
    endif()
  endif()
endforeach()

# What a program that was linked with one release asks the loader for. Before 1.0 a minor release may break it.
set(PAWL_ABI_VERSION ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(PAWL_ABI_VERSION 0.${PROJECT_VERSION_MINOR})
endif()

# The exports of a shared library of ours: the C ABI and nothing else.
function(pawl_exports_abi_alone library)
  set(map "${PROJECT_SOURCE_DIR}/src/capi/pawl.map")
  pawl_target(${library})
  # Never unloaded: OpenSSL's and the C++ runtime's clean-up at the end of a thread of the host's, and a thread of ours
  # that still waits for a name server, outlive the last handle.
  target_link_options(${library} PRIVATE
    "LINKER:--version-script=${map}" LINKER:--exclude-libs,ALL LINKER:-z,nodelete)
  if(NOT PAWL_SANITIZE)  # clang links its sanitizer runtimes into the program, not into a library
    target_link_options(${library} PRIVATE LINKER:-z,defs)
  endif()
  set_target_properties(${library} PROPERTIES
    LINK_DEPENDS "${map}"
    LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PAWL_ABI_VERSION})
endfunction()

add_library(pawl SHARED $<TARGET_OBJECTS:pawl_capi>)
add_library(Pawl::pawl ALIAS pawl)
target_link_libraries(pawl PRIVATE $<BUILD_INTERFACE:pawl_capi>)
pawl_exports_abi_alone(pawl)

add_library(pawl_static STATIC ${_objects})
target_link_libraries(pawl_static INTERFACE $<BUILD_INTERFACE:pawl_capi>)
set_target_properties(pawl_static PROPERTIES LINKER_LANGUAGE CXX
  EXCLUDE_FROM_ALL ${PAWL_BUNDLED})  # there the merged archive takes its place

foreach(_library pawl pawl_static)
  target_include_directories(${_library} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
endforeach()

if(PAWL_BUNDLED)
  include(PawlSlices)
endif()
