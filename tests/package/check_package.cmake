# Installs BUILD under WORK, builds CONSUMER against it and runs it. Fails with what the failing step printed.
function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${output}")
  endif()
  message(STATUS "${what}: ok")
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(prefix "${WORK}/prefix")
step("install" "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
step("configure the consumer" "${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${WORK}/build" -G "${GENERATOR}"
     "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DVERSION=${VERSION}")
step("build the consumer" "${CMAKE_COMMAND}" --build "${WORK}/build")
step("run the consumer" "${WORK}/build/consumer")
if(NOT output MATCHES "travel between the zones: 6\\.5 km")
  message(FATAL_ERROR "the consumer printed:\n${output}")
endif()

# The installed program, if this build has one, runs from where it was installed.
if(EXISTS "${prefix}/bin/wintergrid")
  step("run the installed program" "${prefix}/bin/wintergrid" --version)
  if(NOT output MATCHES "${VERSION}")
    message(FATAL_ERROR "wintergrid --version printed '${output}', which does not name ${VERSION}")
  endif()
endif()
