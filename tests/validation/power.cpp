// DC flow and minimum shedding of every MATPOWER case at hand.

#include "tests/validation/comparison.hpp"

namespace wintergrid::validation {
namespace {

namespace fs = std::filesystem;

constexpr double kFlowToleranceMw = 1e-6;
constexpr double kAngleToleranceDeg = 1e-6;
constexpr double kShedToleranceMw = 1e-4;

std::string without(const fs::path& path, const std::string& ending) {
  const std::string name = path.filename().string();
  return name.substr(0, name.size() - ending.size());
}

}  // namespace

Rows validate_power(const fs::path& root) {
  Rows rows;
  for (const fs::path& reference : files_ending(root, "_dcpf_buses.csv")) {
    const std::string name = without(reference, "_dcpf_buses.csv");
    guarded(name, rows, [&] {
      const fs::path out = scratch(name);
      const double seconds =
          run_wintergrid({"solve", "power", (root / (name + ".m")).string(), "-o", out.string()});
      append(rows,
             compare(name, seconds, read_table(out / "buses.csv"), read_table(reference), {"bus"},
                     {{"angle, deg", "theta_deg", "theta_deg", {kAngleToleranceDeg, 0.0}}}));
      append(rows, compare(name, seconds, read_table(out / "branches.csv"),
                           read_table(root / (name + "_dcpf_branches.csv")), {"row"},
                           {{"flow, MW", "p_from_mw", "p_from_mw", {kFlowToleranceMw, 0.0}}}));
    });
  }
  for (const fs::path& reference : files_ending(root, "_minshed.csv")) {
    const std::string name = without(reference, "_minshed.csv");
    guarded(name, rows, [&] {
      const fs::path out = scratch(name);
      const double seconds = run_wintergrid({"solve", "power", (root / (name + ".m")).string(),
                                             "--outages", reference.string(), "-o", out.string()});
      append(rows,
             compare(name + " outages", seconds, read_table(out / "minshed.csv"),
                     read_table(reference), {"case"},
                     {{"least shed, MW", "min_shed_mw", "min_shed_mw", {kShedToleranceMw, 0.0}}}));
    });
  }
  return rows;
}

}  // namespace wintergrid::validation
