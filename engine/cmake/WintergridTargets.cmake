# One function per kind of target, so that every room of the tree is built the same way.

add_library(wintergrid_flags INTERFACE)
target_compile_options(wintergrid_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  -ffp-contract=off) # results may not depend on fused multiply-add (promise 2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(wintergrid_flags INTERFACE -Wno-restrict) # false in std::string of g++ 12 (GCC bug 105651)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 calls what it has deprecated itself in std::stable_sort.
  target_compile_options(wintergrid_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(WINTERGRID_WARNINGS_AS_ERRORS)
  target_compile_options(wintergrid_flags INTERFACE -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Inlined into ours, Boost.Graph's iterators draw it falsely; it stays a warning to look at.
    target_compile_options(wintergrid_flags INTERFACE -Wno-error=maybe-uninitialized)
  endif()
endif()
if(WINTERGRID_SANITIZE STREQUAL "address")
  target_compile_options(wintergrid_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(wintergrid_flags INTERFACE -fsanitize=address,undefined)
elseif(WINTERGRID_SANITIZE STREQUAL "thread")
  target_compile_options(wintergrid_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(wintergrid_flags INTERFACE -fsanitize=thread)
elseif(WINTERGRID_SANITIZE)
  message(FATAL_ERROR "WINTERGRID_SANITIZE is '${WINTERGRID_SANITIZE}' (must be empty, address or thread)")
endif()
if(WINTERGRID_SANITIZE)
  # Sanitizer builds also check the contracts (WG_EXPECT, WG_ENSURE) and the indices of standard containers.
  target_compile_options(wintergrid_flags INTERFACE -UNDEBUG -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code draws it all over the standard library; the plain builds show it.
    target_compile_options(wintergrid_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(WINTERGRID_COVERAGE)
  target_compile_options(wintergrid_flags INTERFACE --coverage)
  target_link_options(wintergrid_flags INTERFACE --coverage)
endif()

# wintergrid_room(<collection> <name> SOURCES <files...> [LINKS <rooms or libraries...>] [PRIVATE_LINKS ...])
# A room is a static library wintergrid_<name> that links only to rooms of lower layers;
# <collection> is models or engine: the installed libraries are made of their rooms' objects.
function(wintergrid_room collection name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target wintergrid_${name})
  if(ROOM_SOURCES)
    add_library(${target} STATIC ${ROOM_SOURCES})
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:wintergrid_flags> ${ROOM_PRIVATE_LINKS})
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(${target} PUBLIC ${ROOM_LINKS})
    set_property(GLOBAL APPEND PROPERTY wintergrid_${collection}_objects $<TARGET_OBJECTS:${target}>)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(${target} INTERFACE ${ROOM_LINKS})
  endif()
endfunction()

# What the environment of a test must hold: the thread sanitizer understands OpenMP only through Archer, and the
# packaged libraries (libomp, libgtest) are not instrumented.
set(WINTERGRID_TEST_ENVIRONMENT "")
if(WINTERGRID_SANITIZE STREQUAL "thread")
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libarcher.so
                  OUTPUT_VARIABLE archer OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT EXISTS "${archer}")
    message(FATAL_ERROR "libarcher.so not found for ${CMAKE_CXX_COMPILER}: without it the thread sanitizer reports "
                        "false races in OpenMP (use clang++-19 with the package libomp-19-dev)")
  endif()
  set(WINTERGRID_TEST_ENVIRONMENT "OMP_TOOL_LIBRARIES=${archer}"
      "TSAN_OPTIONS=ignore_noninstrumented_modules=1")
endif()

# The test programs worth running under the thread sanitizer, so that its build makes only those.
add_custom_target(threads_tests)

# wintergrid_test(<name> SOURCES <files...> LINKS <rooms...> [LABELS ...] [TIMEOUT s]): one GoogleTest program per room.
# Labels: fast (the default); slow; threads (worth running under the thread sanitizer; implied in
# tests/engine/montecarlo); release (too heavy for the sanitizers: exists only in builds without them).
function(wintergrid_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(WINTERGRID_SANITIZE AND "release" IN_LIST TEST_LABELS)
    return()
  endif()
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 600)
  endif()
  if(NOT TEST_LABELS)
    set(TEST_LABELS fast)
  endif()
  if(CMAKE_CURRENT_SOURCE_DIR STREQUAL "${PROJECT_SOURCE_DIR}/tests/engine/montecarlo")
    list(APPEND TEST_LABELS threads)
  endif()
  set(target test_${name})
  add_executable(${target} ${TEST_SOURCES})
  target_link_libraries(${target} PRIVATE wintergrid_flags ${TEST_LINKS} wintergrid_test_support
                                          GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE
    WINTERGRID_SOURCE_DIR="${PROJECT_SOURCE_DIR}" WINTERGRID_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
                       ENVIRONMENT "${WINTERGRID_TEST_ENVIRONMENT}" WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  if("threads" IN_LIST TEST_LABELS)
    add_dependencies(threads_tests ${target})
  endif()
endfunction()
