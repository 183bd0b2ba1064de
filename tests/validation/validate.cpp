// Runs every reference case at hand and prints the validation page. Exit code 1 if a difference is
// above its tolerance.
//
//   validate [power|water|heat|models ...]

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/support/reference_data.hpp"
#include "tests/validation/comparison.hpp"

namespace {

namespace validation = wintergrid::validation;
using validation::Row;
using validation::Rows;

void print(const Rows& rows) {
  std::size_t name_width = 4, quantity_width = 8;
  for (const Row& row : rows) {
    name_width = std::max(name_width, row.case_name.size());
    quantity_width = std::max(quantity_width, row.quantity.size());
  }
  fmt::print("{:{}}  {:{}}  {:>14}  {:>14}  {:>10}  {:>9}  {:>7}\n", "case", name_width, "quantity",
             quantity_width, "ours", "reference", "difference", "tolerance", "s");
  for (const Row& row : rows) {
    if (!row.failure.empty()) {
      fmt::print("{:{}}  {:{}}  FAILED: {}\n", row.case_name, name_width, row.quantity,
                 quantity_width, row.failure);
    } else {
      fmt::print("{:{}}  {:{}}  {:14.6f}  {:14.6f}  {:10.2e}  {:9.2e}  {:7.3f}{}\n", row.case_name,
                 name_width, row.quantity, quantity_width, row.ours, row.reference, row.difference,
                 row.tolerance, row.seconds, row.passes() ? "" : "  FAILED");
    }
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::vector<std::string> wanted(arguments + 1, arguments + argument_count);
  const auto root = wintergrid::test::reference_data();
  if (!root) {
    const char* in_ci = std::getenv("CI");  // the message has been printed
    return in_ci != nullptr && std::string_view(in_ci) == "true" ? 1 : 0;
  }
  Rows rows;
  const auto add = [&](const char* name, Rows (*validate)(const std::filesystem::path&),
                       const std::filesystem::path& folder) {
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) {
      validation::append(rows, validate(folder));
    }
  };
  add("power", validation::validate_power, *root / "power");
  add("water", validation::validate_water, *root / "water");
  add("heat", validation::validate_heat, *root / "heat");
  add("models", validation::validate_models, *root);
  print(rows);
  const auto failed =
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return !row.passes(); });
  fmt::print("{} of {} within tolerance; worst place of each quantity shown\n",
             rows.size() - static_cast<std::size_t>(failed), rows.size());
  return failed == 0 && !rows.empty() ? 0 : 1;
}
