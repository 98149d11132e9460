# Installs BUILD below WORK, builds the consumer beside this file against the result, runs it. HOW: cmake or pkgconfig.
set(prefix "${WORK}/prefix")
set(consumer "${CMAKE_CURRENT_LIST_DIR}/consumer")
file(REMOVE_RECURSE "${WORK}")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")

if(HOW STREQUAL "cmake")
  run("${CMAKE_COMMAND}" -S "${consumer}" -B "${WORK}/build" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_C_COMPILER=${CC}" "-DCMAKE_CXX_COMPILER=${CXX}")
  run("${CMAKE_COMMAND}" --build "${WORK}/build")
  run("${WORK}/build/consumer_c")
  run("${WORK}/build/consumer_cpp")
else()
  # Moved first: what pkg-config says must not depend on where the tree was installed.
  file(RENAME "${prefix}" "${WORK}/elsewhere")
  set(ENV{PKG_CONFIG_PATH} "${WORK}/elsewhere/${LIBDIR}/pkgconfig")
  execute_process(COMMAND pkg-config --cflags --libs pawl OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND pkg-config --modversion pawl OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  run("${CC}" -std=c11 "-DPACKAGE_VERSION=\"${version}\"" -o "${WORK}/consumer" "${consumer}/main.c" ${flags})
  run("${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${WORK}/elsewhere/${LIBDIR}" "${WORK}/consumer")
endif()
