# Python and the JVM are not built with a sanitizer, the extension and the JNI library are: the sanitizer's runtime has to
# be in the process before them. PAWL_PRELOAD is that runtime, empty in builds without one; a test that is to run so gets
# PAWL_PRELOAD_ENVIRONMENT, and starts its interpreter with LD_PRELOAD=$PAWL_PRELOAD (never more than the interpreter:
# our own programs have the runtime inside).
set(PAWL_PRELOAD "")
set(PAWL_PRELOAD_ENVIRONMENT "")
if(NOT PAWL_SANITIZE)
  return()
endif()

if(PAWL_SANITIZE MATCHES "thread")
  set(_runtime tsan)
else()
  set(_runtime asan)
  # What an interpreter still holds when it ends is no leak of ours, and a JVM handles its own faults.
  list(APPEND PAWL_PRELOAD_ENVIRONMENT PYTHONMALLOC=malloc
    "ASAN_OPTIONS=allow_user_poisoning=0:strict_string_checks=1:detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0")
endif()
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  set(_file "libclang_rt.${_runtime}-${CMAKE_SYSTEM_PROCESSOR}.so")
else()
  set(_file "lib${_runtime}.so")
endif()
execute_process(COMMAND "${CMAKE_C_COMPILER}" "-print-file-name=${_file}"
  OUTPUT_VARIABLE _found OUTPUT_STRIP_TRAILING_WHITESPACE)
file(REAL_PATH "${_found}" PAWL_PRELOAD)
if(NOT EXISTS "${PAWL_PRELOAD}")
  message(FATAL_ERROR "${CMAKE_C_COMPILER} has no ${_file}: install its sanitizer runtimes (libclang-rt-dev for clang)")
endif()
list(APPEND PAWL_PRELOAD_ENVIRONMENT "PAWL_PRELOAD=${PAWL_PRELOAD}")
