#include "tests/support/reference_data.hpp"

#include <cstdlib>
#include <iostream>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

namespace wintergrid::test {

std::optional<std::filesystem::path> reference_data(std::string_view relative) {
  const char* given_root = std::getenv("WINTERGRID_REFERENCE");
  std::filesystem::path path =
      given_root != nullptr
          ? std::filesystem::path(given_root)
          : std::filesystem::path(WINTERGRID_SOURCE_DIR) / ".." / "shared" / "reference";
  if (!relative.empty()) {
    path /= relative;
  }
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    return path;
  }
  const std::string message =
      "reference data not found at " + path.lexically_normal().string() +
      " (set WINTERGRID_REFERENCE to the folder that holds power/, water/, heat/)";
  const char* in_ci = std::getenv("CI");
  if (in_ci != nullptr && std::string_view(in_ci) == "true") {
    ADD_FAILURE() << message;
  } else {
    std::cout << "SKIPPED: " << message << "\n" << std::flush;
  }
  return std::nullopt;
}

}  // namespace wintergrid::test
