# What `cmake --install` puts in place: the program, the two libraries with their headers, a CMake package so that
# other projects can say find_package(wintergrid), and the bundled data.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(installed_libraries "")
foreach(library models engine)
  if(TARGET wintergrid_${library})
    list(APPEND installed_libraries wintergrid_${library})
    set_target_properties(wintergrid_${library} PROPERTIES EXPORT_NAME ${library})
  endif()
endforeach()
install(TARGETS ${installed_libraries} EXPORT wintergridTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")

# Headers keep their path from the root of the repository: #include "grid_models/power/dc_flow.hpp".
install(DIRECTORY "${PROJECT_SOURCE_DIR}/grid_models" "${PROJECT_SOURCE_DIR}/engine"
        DESTINATION include/wintergrid FILES_MATCHING PATTERN "*.hpp"
        PATTERN cmake EXCLUDE PATTERN node_modules EXCLUDE)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/data/" DESTINATION "${CMAKE_INSTALL_DATADIR}/wintergrid")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
if(TARGET wintergrid)
  install(TARGETS wintergrid RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/wintergrid")
install(EXPORT wintergridTargets NAMESPACE wintergrid:: DESTINATION "${package_dir}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/wintergridConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/wintergridConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/wintergridConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/wintergridConfig.cmake" "${PROJECT_BINARY_DIR}/wintergridConfigVersion.cmake"
        DESTINATION "${package_dir}")
