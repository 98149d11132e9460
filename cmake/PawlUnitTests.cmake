# tests/unit/<layer>/…_test.cc -> <layer with _ for />_tests, one program and one ctest entry per layer.

# What ThreadSanitizer has to see: the layers that face threads and sockets. A program elsewhere joins with
# add_dependencies(pawl_threaded_tests <program>) and the label "threads".
add_custom_target(pawl_threaded_tests)

# GoogleTest's and Abseil's headers are most of what compiling a test costs; they are compiled once. The flags must be
# an executable's.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/tests/precompiled.cc" CONTENT "")
add_library(pawl_test_headers OBJECT "${PROJECT_BINARY_DIR}/tests/precompiled.cc")
pawl_target(pawl_test_headers)
set_target_properties(pawl_test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
target_compile_options(pawl_test_headers PRIVATE -fPIE)
# Sanitized, the tests' own code need not be fast; half of the build's time was its optimization.
set(_optimization "")
if(PAWL_SANITIZE)
  set(_optimization -O0)
endif()
target_compile_options(pawl_test_headers PRIVATE ${_optimization})
target_compile_options(pawl_test_headers PRIVATE ${PAWL_CACHEABLE_HEADERS})
target_link_libraries(pawl_test_headers PRIVATE GTest::gmock GTest::gtest pawl::absl)
target_precompile_headers(pawl_test_headers PRIVATE
  <gmock/gmock.h> <gtest/gtest.h> <absl/status/statusor.h>
  <memory> <optional> <span> <string> <string_view> <variant> <vector>)

get_property(_layers GLOBAL PROPERTY PAWL_LAYERS)
set(_unit "${PROJECT_SOURCE_DIR}/tests/unit")
file(GLOB_RECURSE _found RELATIVE "${_unit}" CONFIGURE_DEPENDS "${_unit}/*_test.cc")

function(_pawl_unit_tests layer)
  string(REPLACE "/" "_" stem "${layer}")
  add_executable(${stem}_tests ${ARGN})
  pawl_target(${stem}_tests)
  target_precompile_headers(${stem}_tests REUSE_FROM pawl_test_headers)
  # Most of a test's headers are those of its neighbours, too.
  set_target_properties(${stem}_tests PROPERTIES UNITY_BUILD ${PAWL_UNITY} UNITY_BUILD_BATCH_SIZE 8)
  target_compile_options(${stem}_tests PRIVATE ${PAWL_CACHEABLE_HEADERS} ${_optimization})
  pawl_layer_target(${layer} target)
  get_property(third_party GLOBAL PROPERTY PAWL_LAYER_THIRD_PARTY_${layer})
  list(TRANSFORM third_party PREPEND pawl::)
  target_link_libraries(${stem}_tests PRIVATE ${third_party} pawl_test_support GTest::gmock_main)
  if(TARGET ${target})
    target_link_libraries(${stem}_tests PRIVATE ${target})
  endif()
  pawl_link_included_layers(${stem}_tests ${ARGN})  # a test may stand another layer beside its own
  set(labels unit)
  set(timeout 120)
  if(layer MATCHES "^(client/runner|transport|relay)(/|$)")
    list(APPEND labels threads)
    set(timeout 300)  # a wait of theirs, which only excludes hanging, ends after a minute
    add_dependencies(pawl_threaded_tests ${stem}_tests)
  endif()
  pawl_test(${stem}_tests TIMEOUT ${timeout} LABELS ${labels} COMMAND ${stem}_tests --gtest_brief=1)
endfunction()

foreach(_layer IN LISTS _layers ITEMS support)
  set(_sources "")
  foreach(_path IN LISTS _found)
    if(_layer STREQUAL "support")
      string(REGEX MATCH "^support/" _mine "${_path}")
    else()
      pawl_layer_of("${_path}" _owner)
      string(COMPARE EQUAL "${_owner}" "${_layer}" _mine)
    endif()
    if(_mine)
      list(APPEND _sources "${_unit}/${_path}")
    endif()
  endforeach()
  if(_sources)
    _pawl_unit_tests(${_layer} ${_sources})
  endif()
endforeach()
