# Runs the bundled town, whose results are known by hand, and reads them with the example.
file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND "${PROGRAM}" run "${DATA}/town/scenario.yaml" -o "${WORK}" -n 8 -q OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${PYTHON}" -B "${DATA}/examples/read_results.py" "${WORK}" OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
foreach(line "6,000 households, 8 winters\n" "power +0 household-hours" "heat +76,800 household-hours \\(76,800 to 76,800\\)"
        "worst zones:\n  East +1,600 households +48\\.0 h\n" "worst winter: 0, 76,800 household-hours")
  if(NOT output MATCHES "${line}")
    message(FATAL_ERROR "'${line}' was not printed:\n${output}")
  endif()
endforeach()
execute_process(COMMAND "${PYTHON}" -B "${DATA}/examples/read_results.py" "${WORK}/nothing" RESULT_VARIABLE result ERROR_VARIABLE said)
if(result EQUAL 0 OR NOT said MATCHES "is not there")
  message(FATAL_ERROR "a folder without results was read: ${said}")
endif()
