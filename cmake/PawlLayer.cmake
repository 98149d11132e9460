# The floor plan. src/CMakeLists.txt has one line per folder:
#
#   pawl_layer(<folder> [USES <folder>…] [THIRD_PARTY <library>…])
#
# and ends with pawl_build_layers(). A line makes the static library pawl_<folder with _ for />
# from every .cc below src/<folder>, except below a sub-folder that has its own line and except
# main.cc. A layer sees the headers of what it USES (and of what those use); a third-party library is
# linked PRIVATE, so that its headers do not even resolve elsewhere. A layer may use only lines above
# its own, so the plan cannot have a cycle. A folder that does not exist is skipped.
# tests/lint/check_layers.py reads the very same lines.

# Warnings, hardening, sanitizers: for every target of ours.
function(pawl_target target)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:pawl_flags>)
endfunction()

# What the optimizer makes of a comparison or a wipe is what the tests have to see, in every preset; -O2 costs no more
# time than -O1 here. Where a sanitizer looks on, it is not the code that ships anyway.
function(pawl_as_shipped target)
  if(NOT PAWL_SANITIZE)
    target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O2>)
  endif()
endfunction()

# Where no incremental build waits for it, the files of a layer are compiled eight at a time: that nearly halves the time.
# Their names without linkage (kPage, kLabel) must differ for that (tests/lint/check_names.py). What ships of the layers
# that the tests of constant time and of wiping look into (PAWL_FAST_LAYERS) is compiled file by file, as these see it;
# capi, too, for the core library is made of some of its files.
function(_pawl_together name target)
  if(NOT PAWL_UNITY OR NOT (PAWL_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Release"))
    return()
  endif()
  if(NOT PAWL_SANITIZE AND (name IN_LIST PAWL_FAST_LAYERS OR name STREQUAL "capi"))
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
endfunction()

function(pawl_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;THIRD_PARTY")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "pawl_layer(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  get_property(above GLOBAL PROPERTY PAWL_LAYERS)
  foreach(used IN LISTS arg_USES)
    if(NOT used IN_LIST above)
      message(FATAL_ERROR "pawl_layer(${name}): ${used} is not a layer above this line")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY PAWL_LAYERS ${name})
  set_property(GLOBAL PROPERTY PAWL_LAYER_USES_${name} ${arg_USES})
  set_property(GLOBAL PROPERTY PAWL_LAYER_THIRD_PARTY_${name} ${arg_THIRD_PARTY})
endfunction()

# The target of a layer's name.
function(pawl_layer_target name out)
  string(REPLACE "/" "_" target "pawl_${name}")
  set(${out} ${target} PARENT_SCOPE)
endfunction()

# The layer that a path below src/ belongs to: the longest line that is a prefix of it.
function(pawl_layer_of path out)
  get_property(layers GLOBAL PROPERTY PAWL_LAYERS)
  set(best "")
  foreach(layer IN LISTS layers)
    string(FIND "${path}" "${layer}/" at)
    string(LENGTH "${layer}" length)
    string(LENGTH "${best}" best_length)
    if(at EQUAL 0 AND length GREATER best_length)
      set(best "${layer}")
    endif()
  endforeach()
  set(${out} "${best}" PARENT_SCOPE)
endfunction()

function(_pawl_build_layer name)
  set(root "${PROJECT_SOURCE_DIR}/src")
  file(GLOB_RECURSE found RELATIVE "${root}" CONFIGURE_DEPENDS
    "${root}/${name}/*.cc" "${root}/${name}/*.h" "${root}/${name}/*.fbs")
  set(sources "")
  set(exists FALSE)
  foreach(path IN LISTS found)
    pawl_layer_of("${path}" owner)
    if(NOT owner STREQUAL name)
      continue()
    endif()
    set(exists TRUE)
    if(path MATCHES "\\.cc$" AND NOT path MATCHES "(^|/)main\\.cc$")
      list(APPEND sources "${root}/${path}")
    endif()
  endforeach()
  if(NOT exists)
    return()
  endif()

  pawl_layer_target(${name} target)
  if(sources)
    add_library(${target} STATIC ${sources})
    pawl_target(${target})
    pawl_as_shipped(${target})
    set(level "")
    if(PAWL_BUNDLED AND NOT name IN_LIST PAWL_FAST_LAYERS)
      set(level -Os)
    endif()
    pawl_precompile(${target} ${level})
    _pawl_together(${name} ${target})
    set(scope PUBLIC)
    set(third_party_scope PRIVATE)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    set(third_party_scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${root}")

  get_property(uses GLOBAL PROPERTY PAWL_LAYER_USES_${name})
  foreach(used IN LISTS uses)
    pawl_layer_target(${used} used_target)
    if(TARGET ${used_target})
      target_link_libraries(${target} ${scope} ${used_target})
    endif()
  endforeach()
  target_link_libraries(${target} ${scope} pawl::absl)
  get_property(third_party GLOBAL PROPERTY PAWL_LAYER_THIRD_PARTY_${name})
  foreach(library IN LISTS third_party)
    target_link_libraries(${target} ${third_party_scope} pawl::${library})
  endforeach()
endfunction()

# Makes the targets of all lines above.
function(pawl_build_layers)
  get_property(layers GLOBAL PROPERTY PAWL_LAYERS)
  foreach(layer IN LISTS layers)
    _pawl_build_layer(${layer})
  endforeach()
endfunction()
