include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(relia_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/relia)

install(TARGETS relia EXPORT relia-targets FILE_SET HEADERS)
install(EXPORT relia-targets NAMESPACE relia:: DESTINATION ${relia_config_dir})
if(RELIA_HAS_IO)
  install(TARGETS relia_io EXPORT relia-io-targets FILE_SET HEADERS)
  install(EXPORT relia-io-targets NAMESPACE relia:: DESTINATION ${relia_config_dir})
endif()

configure_package_config_file(cmake/relia-config.cmake.in relia-config.cmake
                              INSTALL_DESTINATION ${relia_config_dir})
write_basic_package_version_file(relia-config-version.cmake COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/relia-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/relia-config-version.cmake
        DESTINATION ${relia_config_dir})
