# pawl_flatbuffers(<layer>): src/<layer>/<name>.fbs becomes "<layer>/<name>_generated.h" in the build
# tree. Generated headers are never committed; they are reachable as system headers, so that their
# style is not ours to answer for.
function(pawl_flatbuffers layer)
  pawl_layer_target(${layer} target)
  if(NOT TARGET ${target})
    return()
  endif()
  set(source_dir "${PROJECT_SOURCE_DIR}/src/${layer}")
  set(root "${PROJECT_BINARY_DIR}/generated")
  file(GLOB schemas CONFIGURE_DEPENDS "${source_dir}/*.fbs")
  set(headers "")
  foreach(schema IN LISTS schemas)
    get_filename_component(stem "${schema}" NAME_WE)
    set(header "${root}/${layer}/${stem}_generated.h")
    add_custom_command(
      OUTPUT "${header}"
      COMMAND "${PAWL_FLATC}" --cpp --cpp-std c++17 --scoped-enums --keep-prefix --warnings-as-errors
        -I "${PROJECT_SOURCE_DIR}/src" -I "${source_dir}" -o "${root}/${layer}" "${schema}"
      DEPENDS ${schemas}
      COMMENT "flatc ${layer}/${stem}.fbs"
      VERBATIM)
    list(APPEND headers "${header}")
  endforeach()
  if(NOT headers)
    return()
  endif()

  add_custom_target(${target}_generated DEPENDS ${headers})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(scope INTERFACE)
  else()
    set(scope PUBLIC)
  endif()
  add_dependencies(${target} ${target}_generated)
  target_include_directories(${target} SYSTEM ${scope} "${root}")
  target_link_libraries(${target} ${scope} pawl::flatbuffers)
endfunction()
