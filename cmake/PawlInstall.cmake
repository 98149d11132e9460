# cmake --install: headers, libpawl, pawl-relay, PawlConfig.cmake (Pawl::pawl; of the bundled build Pawl::bundled, too),
# pawl.pc.
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

# What is inside comes with its licences.
if(PAWL_BUNDLED)
  install(TARGETS pawl_core EXPORT PawlTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES "${PAWL_BUNDLED_ARCHIVE}" DESTINATION ${CMAKE_INSTALL_LIBDIR})
  foreach(_library libsodium sqlcipher openssl libwebsockets flatbuffers abseil)
    _pawl_cached(${_library} _prefix)
    install(FILES "${_prefix}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses RENAME ${_library})
  endforeach()
endif()

file(RELATIVE_PATH _pawl_pc_up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
set(_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Pawl")
install(EXPORT PawlTargets NAMESPACE Pawl:: DESTINATION ${_config_dir})
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/PawlConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/PawlConfig.cmake" INSTALL_DESTINATION ${_config_dir}
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PawlConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/PawlConfig.cmake" "${PROJECT_BINARY_DIR}/PawlConfigVersion.cmake"
  DESTINATION ${_config_dir})

configure_file("${CMAKE_CURRENT_LIST_DIR}/pawl.pc.in" "${PROJECT_BINARY_DIR}/pawl.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/pawl.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
