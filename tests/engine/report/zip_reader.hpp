#pragma once
// Reads what a small zip file holds (an .xlsx is one).

#include <filesystem>
#include <map>
#include <string>

namespace wintergrid::test {

/// Name and content of every file in it. Throws std::runtime_error if it is not a zip file that
/// can be read (no encryption, no zip64).
std::map<std::string, std::string> read_zip(const std::filesystem::path& path);

}  // namespace wintergrid::test
