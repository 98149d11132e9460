# tests/lint/check_<what>.py: once over the tree, once with --self-test (a planted violation must be
# caught).
find_package(Python3 COMPONENTS Interpreter REQUIRED)
file(GLOB _checks CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/lint/check_*.py")
foreach(_check IN LISTS _checks)
  get_filename_component(_stem "${_check}" NAME_WE)
  string(REGEX REPLACE "^check_" "lint_" _name "${_stem}")
  pawl_test(${_name} TIMEOUT 600 LABELS lint COMMAND Python3::Interpreter "${_check}")
  pawl_test(${_name}_bites TIMEOUT 600 LABELS lint
    COMMAND Python3::Interpreter "${_check}" --self-test)
endforeach()
