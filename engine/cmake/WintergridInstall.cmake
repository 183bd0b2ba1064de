# What `cmake --install` puts in place: the program, the two libraries with their headers, a CMake package so that
# other projects can say find_package(wintergrid), and the bundled data. Components: program (what the Debian package
# holds) and development.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(installed_libraries "")
foreach(library models engine)
  if(TARGET wintergrid_${library})
    list(APPEND installed_libraries wintergrid_${library})
    set_target_properties(wintergrid_${library} PROPERTIES EXPORT_NAME ${library})
  endif()
endforeach()
install(TARGETS ${installed_libraries} EXPORT wintergridTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        COMPONENT development)

# Headers keep their path from the root of the repository: #include "grid_models/power/dc_flow.hpp".
install(DIRECTORY "${PROJECT_SOURCE_DIR}/grid_models" "${PROJECT_SOURCE_DIR}/engine"
        DESTINATION include/wintergrid COMPONENT development FILES_MATCHING PATTERN "*.hpp"
        PATTERN cmake EXCLUDE PATTERN node_modules EXCLUDE)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/data/" DESTINATION "${CMAKE_INSTALL_DATADIR}/wintergrid" COMPONENT program
        PATTERN __pycache__ EXCLUDE)
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CITATION.cff"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright COMPONENT program)
if(TARGET wintergrid)
  install(TARGETS wintergrid RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/wintergrid")
install(EXPORT wintergridTargets NAMESPACE wintergrid:: DESTINATION "${package_dir}" COMPONENT development)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/wintergridConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/wintergridConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/wintergridConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/wintergridConfig.cmake" "${PROJECT_BINARY_DIR}/wintergridConfigVersion.cmake"
        DESTINATION "${package_dir}" COMPONENT development)

# The Debian package, made by `cpack` in a build folder: program, data, README, licence.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wintergrid)
set(CPACK_PACKAGE_VENDOR "The wintergrid authors")
set(CPACK_PACKAGE_CONTACT "The wintergrid authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Households without power, heat and water in winters of strikes")
set(CPACK_PACKAGE_DESCRIPTION "wintergrid simulates coupled power, district-heating and water networks through thousands
of winters of strikes: how many households lose which service, for how long, and which repair order changes that.
Bundled networks are synthetic.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME wintergrid)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # Depends: from the libraries that the program is linked to
include(CPack)
