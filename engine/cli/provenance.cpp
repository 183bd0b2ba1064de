#include "engine/cli/provenance.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <xlsxwriter.h>

namespace wintergrid::cli {

const Provenance& provenance() {
  static const Provenance made = [] {
    Provenance facts;
    facts.version = WINTERGRID_VERSION;
    facts.source = WINTERGRID_SOURCE;
    facts.compiler = WINTERGRID_COMPILER;
    facts.build_type = WINTERGRID_BUILD_TYPE;
    facts.sanitizer = WINTERGRID_SANITIZER;
#ifndef NDEBUG
    facts.contracts = true;
#endif
    const auto dotted = [](int number, int large, int small) {
      return fmt::format("{}.{}.{}", number / large, number / small % (large / small),
                         number % small);
    };
    facts.dependencies = {
        {"Boost", dotted(BOOST_VERSION, 100000, 100)},
        {"CLI11", WINTERGRID_CLI11_VERSION},
        {"fmt", dotted(FMT_VERSION, 10000, 100)},
        {"libxlsxwriter", lxw_version()},
        {"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
        {"OpenMP", WINTERGRID_OPENMP_VERSION},
        {"SQLite", sqlite3_libversion()},
        {"yaml-cpp", WINTERGRID_YAML_CPP_VERSION},
    };
    return facts;
  }();
  return made;
}

}  // namespace wintergrid::cli
