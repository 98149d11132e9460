# A separate project builds and runs against the installed tree: tests/install/, once through find_package(Pawl),
# once through pkg-config.
include(GNUInstallDirs)
foreach(_how cmake pkgconfig)
  pawl_test(install_${_how} TIMEOUT 300 LABELS install
    COMMAND "${CMAKE_COMMAND}" -DHOW=${_how} "-DBUILD=${PROJECT_BINARY_DIR}" "-DWORK=${PROJECT_BINARY_DIR}/install_${_how}"
      "-DCC=${CMAKE_C_COMPILER}" "-DCXX=${CMAKE_CXX_COMPILER}" "-DLIBDIR=${CMAKE_INSTALL_LIBDIR}"
      -P "${PROJECT_SOURCE_DIR}/tests/install/install_test.cmake")
endforeach()
