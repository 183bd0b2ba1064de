#pragma once
// What `wintergrid generators` found, as text, JSON and CSV.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/generators/allocate.hpp"
#include "engine/generators/savings.hpp"
#include "engine/report/summary.hpp"

namespace wintergrid::cli {

/// A stock handed out by one rule; savings are of winters that did not choose it.
struct Allocated {
  std::string rule;  ///< by_saving, by_population, hospitals_first
  std::string what;
  std::vector<std::uint32_t> served;
  double cost = 0.0;
  generators::Saved saved;
  /// What by_saving saves more than this one; of by_saving itself: nothing.
  std::optional<montecarlo::Paired> less_than_best;
};

struct AllocationResults {
  std::vector<generators::StockItem> stock;
  std::uint64_t first_winter = 0, winters = 0;  ///< that chose
  generators::Chosen chosen;
  std::vector<Allocated> rules;  ///< by_saving first
};

struct GeneratorResults {
  report::RunFacts facts;
  std::uint64_t winters = 0, failed = 0, households = 0;
  int level_percent = 80;
  const generators::Facilities* facilities = nullptr;
  std::vector<std::string> zone_name;
  generators::Needs needs;
  std::vector<generators::Saving> savings;
  std::optional<AllocationResults> allocation;
  std::vector<std::string> notes;
};

std::string generators_text(const GeneratorResults& results);
std::string generators_json(const GeneratorResults& results);
/// Names and contents; allocation.csv, which names facilities, only with a stock.
std::vector<std::pair<std::string, std::string>> generators_tables(const GeneratorResults& results);

/// "30-100 kW", or "all".
std::string class_label(std::size_t set_class);
/// What a group is about: "all", the name of a zone, the kind of facility.
std::string group_name(const GeneratorResults& results, const generators::Group& group);

}  // namespace wintergrid::cli
