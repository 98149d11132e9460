# What tools/setup built and keeps outside the checkout.
#
# tools/setup/tarballs.txt: name version sha256 …; the built tree of a tarball stands in
# <cache>/<name>-<version>-<first 12 digits of sha256>.
if(DEFINED ENV{PAWL_CACHE})
  set(_cache "$ENV{PAWL_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(_cache "$ENV{XDG_CACHE_HOME}/pawl")
else()
  set(_cache "$ENV{HOME}/.cache/pawl")
endif()
set(PAWL_CACHE "${_cache}" CACHE PATH "Where ./dev setup keeps what it builds")

function(_pawl_cached name out)
  set(${out} "" PARENT_SCOPE)
  file(STRINGS "${PROJECT_SOURCE_DIR}/tools/setup/tarballs.txt" rows REGEX "^${name}[ \t]")
  foreach(row IN LISTS rows)
    separate_arguments(row UNIX_COMMAND "${row}")
    list(GET row 1 version)
    list(GET row 2 sha256)
    string(SUBSTRING "${sha256}" 0 12 short)
    set(prefix "${PAWL_CACHE}/${name}-${version}-${short}")
    if(EXISTS "${prefix}/.complete")
      set(${out} "${prefix}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()
