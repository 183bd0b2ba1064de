#pragma once
// Shared by the parts of compile(): the names seen so far and the model under construction. Private
// to engine/scenario.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/compile.hpp"

namespace wintergrid::scenario {

/// Names of one kind of thing, in the order of their rows; reports duplicates and dangling
/// references.
class NameIndex {
 public:
  explicit NameIndex(std::string kind) : kind_(std::move(kind)) {}

  /// Index of the new name; an error if it is empty or was there before.
  std::uint32_t add(const std::string& name, const SourcePlace& place, Diagnostics& diagnostics);
  /// Index of a name that must exist; kNone and an error with the closest name if it does not.
  /// `what` says who refers to it: "feeder 'F-12'".
  std::uint32_t find(const std::string& name, const SourcePlace& place, std::string_view what,
                     Diagnostics& diagnostics) const;
  /// As find(), but an empty name is kNone without an error.
  std::uint32_t find_optional(const std::string& name, const SourcePlace& place,
                              std::string_view what, Diagnostics& diagnostics) const;
  std::size_t count() const { return names_.size(); }

 private:
  std::string kind_;
  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t, std::less<>> index_;
  std::map<std::string, std::size_t> first_line_;
};

struct Compiler {
  Compiler(const Scenario& s, const CompileDefaults& d, Diagnostics& to)
      : scenario(s), defaults(d), diagnostics(to) {}

  const Scenario& scenario;
  const CompileDefaults& defaults;
  Diagnostics& diagnostics;
  Model model;

  NameIndex zones{"zone"}, buses{"bus"}, branches{"branch"}, generators{"generator"},
      feeders{"feeder"}, facilities{"facility"}, heat_nodes{"heat node"},
      heat_sources{"heat source"}, heat_pipes{"heat pipe"}, water_nodes{"water node"},
      water_links{"water link"};
  std::vector<std::uint32_t> feeder_index;  ///< row -> index in the model, which is sorted by bus

  std::uint32_t add_component(AssetClass asset_class, std::uint32_t zone, double size,
                              const std::string& protection, const std::string& name);
};

void compile_zones(Compiler& compiler);
void compile_power(Compiler& compiler);
void compile_facilities(Compiler& compiler);
void compile_heat(Compiler& compiler);
void compile_water(Compiler& compiler);
void compile_population(Compiler& compiler);
void compile_recovery(Compiler& compiler);
/// What cannot be reached from any source: an error if nothing feeds it even when everything is
/// whole.
void check_reachability(Compiler& compiler);
void check_intact_heat(Compiler& compiler);
void check_intact_water(Compiler& compiler);

/// Size class of the generator set that an essential load with its largest motor needs.
std::uint8_t set_class(double load_kw, double motor_kw, bool soft_start);

}  // namespace wintergrid::scenario
