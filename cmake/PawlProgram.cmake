# Executables outside the floor plan: tests, fuzz targets, examples, benchmarks.

# Links the layers whose headers the given sources include, and no others: a program of one layer
# builds while another layer does not.
function(pawl_link_included_layers target)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(scope INTERFACE)
  else()
    set(scope PUBLIC)
  endif()
  foreach(source IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
    file(STRINGS "${source}" includes REGEX "^#include \"")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^#include \"([^\"]*)\".*" "\\1" path "${include}")
      pawl_layer_of("${path}" layer)
      if(layer)
        pawl_layer_target(${layer} layer_target)
        if(TARGET ${layer_target})
          target_link_libraries(${target} ${scope} ${layer_target})
        endif()
      endif()
    endforeach()
  endforeach()
endfunction()

# add_test with what all our tests share. Exit status 77 counts as skipped. PAWL_VECTORS is not set here: the person's
# own value, or its absence (tests/support/vectors.h knows the default), reaches the test as it is.
#   pawl_test(<name> [TIMEOUT seconds] [LABELS …] COMMAND …)
function(pawl_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "COMMAND;LABELS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(PAWL_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
    SKIP_RETURN_CODE 77)
  set_property(TEST ${name} PROPERTY ENVIRONMENT
    "PAWL_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    ${PAWL_TEST_ENVIRONMENT})
endfunction()

# A test that fails, in the place of those of a language that CMake could not build here: pawl_missing(<language>
# <package>…).
function(pawl_missing language)
  find_package(Python3 COMPONENTS Interpreter REQUIRED)
  string(TOLOWER ${language} name)
  pawl_test(${name}_missing LABELS ${name}
    COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tests/setup/missing.py" ${language} ${ARGN})
endfunction()
