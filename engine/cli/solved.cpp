#include "engine/cli/solved.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wintergrid::cli {

void print_solved(std::string_view network, bool solved, const std::string& folder,
                  const std::vector<std::string>& files,
                  const std::vector<std::pair<std::string, double>>& numbers) {
  nlohmann::ordered_json json;
  json["format"] = "wintergrid-solve";
  json["format_version"] = 1;
  json["network"] = network;
  json["solved"] = solved;
  for (const std::string& file : files) {
    json["files"].push_back(folder + "/" + file);
  }
  for (const auto& [name, value] : numbers) {
    if (value == std::floor(value)) {
      json[name] = static_cast<std::int64_t>(value);
    } else {
      json[name] = value;
    }
  }
  fmt::print("{}\n", json.dump(2));
}

}  // namespace wintergrid::cli
