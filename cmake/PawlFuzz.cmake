# tests/fuzz/<target>_fuzz.cc defines LLVMFuzzerTestOneInput. With PAWL_FUZZ each becomes a
# libFuzzer program; elsewhere tests/support/fuzz_replay_main.cc takes libFuzzer's place. Both run it
# over its seed corpus tests/fuzz/corpus/<target>/ and over mutations of the seeds as an ordinary test.
add_custom_target(pawl_fuzz_programs)
set(_fuzz "${PROJECT_SOURCE_DIR}/tests/fuzz")
file(GLOB _sources CONFIGURE_DEPENDS "${_fuzz}/*_fuzz.cc")
foreach(_source IN LISTS _sources)
  get_filename_component(_program "${_source}" NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" _stem "${_program}")
  add_executable(${_program} "${_source}")
  add_dependencies(pawl_fuzz_programs ${_program})
  pawl_target(${_program})
  target_link_libraries(${_program} PRIVATE pawl_test_support)
  pawl_link_included_layers(${_program} "${_source}")
  if(PAWL_FUZZ)
    target_link_options(${_program} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${_program} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
    # New inputs go into the first folder, not among the seeds.
    set(_found "${PROJECT_BINARY_DIR}/fuzz/found/${_stem}")
    file(MAKE_DIRECTORY "${_found}")
    set(_options -runs=2000 -seed=1 -verbosity=0 "${_found}")
  else()
    target_sources(${_program} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support/fuzz_replay_main.cc")
    set(_options "")
  endif()
  pawl_test(fuzz_replay_${_stem} LABELS fuzz
    COMMAND ${_program} ${_options} "${_fuzz}/corpus/${_stem}")
endforeach()
