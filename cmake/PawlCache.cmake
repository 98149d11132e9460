# What tools/setup built and keeps outside the checkout.
#
# Set-up is asked itself which tree is the one that it would build today: another release on its list, or another
# recipe, must not leave a build folder with yesterday's.
if(DEFINED ENV{PAWL_CACHE})
  set(_cache "$ENV{PAWL_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(_cache "$ENV{XDG_CACHE_HOME}/pawl")
else()
  set(_cache "$ENV{HOME}/.cache/pawl")
endif()
set(PAWL_CACHE "${_cache}" CACHE PATH "Where ./dev setup keeps what it builds")

file(GLOB _made_by "${PROJECT_SOURCE_DIR}/tools/setup/*")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_made_by})

# _pawl_cached(<name> <out>): the built tree of `name`, or nothing.
function(_pawl_cached name out)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "PAWL_CACHE=${PAWL_CACHE}" bash "${PROJECT_SOURCE_DIR}/tools/setup/prefix_of.sh" ${name}
    OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${out} "${prefix}" PARENT_SCOPE)
endfunction()
