# cmake --install: headers, libpawl, pawl-relay, PawlConfig.cmake (Pawl::pawl, Pawl::pawl_static), pawl.pc.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(TARGET pawl-relay)
  install(TARGETS pawl-relay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(NOT TARGET pawl)
  return()
endif()

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/pawl" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(TARGETS pawl EXPORT PawlTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})

file(RELATIVE_PATH _pawl_pc_up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
set(_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Pawl")
install(EXPORT PawlTargets NAMESPACE Pawl:: DESTINATION ${_config_dir})
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/PawlConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/PawlConfig.cmake" INSTALL_DESTINATION ${_config_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PawlConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/PawlConfig.cmake" "${PROJECT_BINARY_DIR}/PawlConfigVersion.cmake"
  DESTINATION ${_config_dir})

configure_file("${CMAKE_CURRENT_LIST_DIR}/pawl.pc.in" "${PROJECT_BINARY_DIR}/pawl.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/pawl.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
