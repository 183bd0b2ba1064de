#pragma once
// Where the published networks and solutions live that validation tests compare against. They are
// not part of the project, so a person may lack them; CI may not.

#include <filesystem>
#include <optional>
#include <string_view>

namespace wintergrid::test {

/// Path of `relative` (a file or folder, such as "power/case9.m") under the reference root: the
/// environment variable WINTERGRID_REFERENCE, or else shared/reference beside the source tree.
///
/// When it is missing the result is empty and the test must return. With CI=true in the environment
/// the test has then failed already; otherwise a line "SKIPPED: reference data not found at ..." is
/// printed.
///
///     const auto file = reference_data("power/case9.m");
///     if (!file) {
///       return;
///     }
std::optional<std::filesystem::path> reference_data(std::string_view relative = {});

}  // namespace wintergrid::test
