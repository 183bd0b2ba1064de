// The parameter files: each bound name has an entry, each entry is bound, central values are the
// structs' initial values, and every number has a source.

#include "engine/random/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/random/inversion.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::random {
namespace {

const ParameterTable& table() {
  static const ParameterTable loaded = load_default_parameters();
  return loaded;
}

std::vector<double> values_of(const ParameterSet& set) {
  // Every member of the set is a double, so the set is an array of them in the order of
  // declaration.
  static_assert(sizeof(ParameterSet) % sizeof(double) == 0);
  std::vector<double> values(sizeof(ParameterSet) / sizeof(double));
  std::memcpy(values.data(), &set, sizeof(ParameterSet));
  return values;
}

TEST(ParameterFiles, AreEmbeddedAsTheyAre) {
  const std::filesystem::path folder =
      std::filesystem::path(WINTERGRID_SOURCE_DIR) / "data" / "parameters";
  std::set<std::string> embedded;
  for (const EmbeddedFile& file : embedded_parameter_files()) {
    std::ifstream stream(folder / file.name);
    std::ostringstream text;
    text << stream.rdbuf();
    EXPECT_EQ(text.str(), file.text) << file.name;
    embedded.emplace(file.name);
  }
  std::set<std::string> on_disk;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") {
      on_disk.insert(entry.path().filename().string());
    }
  }
  EXPECT_EQ(embedded, on_disk);
}

TEST(ParameterFiles, ParseAndBindOneToOne) {
  Diagnostics diagnostics;
  const ParameterTable parsed = parse_parameters(embedded_parameter_files(), diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  const std::vector<std::string> names = parameter_names();
  ASSERT_EQ(parsed.entries.size(), names.size());
  for (std::size_t index = 0; index < names.size(); ++index) {
    EXPECT_EQ(parsed.entries[index].name, names[index]);
    EXPECT_EQ(parsed.entries[index].name_hash, name_hash(names[index]));
  }
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

/// A member added to a Parameters struct without a binding shows here.
TEST(ParameterFiles, EveryMemberIsBound) {
  EXPECT_EQ(parameter_names().size(), sizeof(ParameterSet) / sizeof(double))
      << "a member of ParameterSet has no entry in parameter_binding.cpp, or is not a double";
  // Setting every entry to its own number reaches every member once.
  ParameterTable numbered = table();
  for (std::size_t index = 0; index < numbered.entries.size(); ++index) {
    numbered.entries[index].value = 1000.0 + static_cast<double>(index);
  }
  std::vector<double> values = values_of(central_parameters(numbered));
  std::sort(values.begin(), values.end());
  for (std::size_t index = 0; index < values.size(); ++index) {
    EXPECT_EQ(values[index], 1000.0 + static_cast<double>(index));
  }
}

TEST(ParameterFiles, InitialValuesOfTheStructsAreTheCentralValues) {
  // Numbering first tells which member is which name.
  ParameterTable numbered = table();
  for (std::size_t index = 0; index < numbered.entries.size(); ++index) {
    numbered.entries[index].value = static_cast<double>(index);
  }
  const std::vector<double> which = values_of(central_parameters(numbered));
  const std::vector<double> from_files = values_of(central_parameters(table()));
  const std::vector<double> from_structs = values_of(ParameterSet{});
  ASSERT_EQ(from_files.size(), from_structs.size());
  for (std::size_t member = 0; member < from_files.size(); ++member) {
    EXPECT_EQ(from_structs[member], from_files[member])
        << table().entries[static_cast<std::size_t>(which[member])].name;
  }
}

TEST(ParameterFiles, EveryNumberHasASource) {
  for (const ParameterEntry& entry : table().entries) {
    EXPECT_GE(entry.source.size(), 15U) << entry.name;
    EXPECT_FALSE(entry.meaning.empty()) << entry.name;
    const bool unsourced = entry.source.find("to be checked") != std::string::npos;
    if (entry.confidence == 'U') {
      EXPECT_TRUE(unsourced) << entry.name << ": U must say that it is to be checked";
    }
    if (entry.source.compare(0, 10, "assumption") == 0) {
      EXPECT_NE(entry.confidence, 'S') << entry.name;
    }
  }
}

TEST(ParameterFiles, SharesAddUp) {
  const ParameterSet set = central_parameters(table());
  double water = 0.0;
  for (const double factor : set.build.water_hour_profile) {
    water += factor;
  }
  EXPECT_NEAR(water, 24.0, 1e-9);
  EXPECT_EQ(*std::max_element(set.build.hour_profile.begin(), set.build.hour_profile.end()), 1.0);
  for (const auto& kind : set.damage.state_weight) {
    for (const auto& row : kind) {
      EXPECT_NEAR(row[0] + row[1] + row[2] + row[3], 1.0, 1e-12);
    }
  }
  for (const StrikePreset& preset : set.strikes.preset) {
    EXPECT_NEAR(preset.cruise_weight + preset.ballistic_weight + preset.aeroballistic_weight, 1.0,
                1e-9);
  }
}

TEST(ParameterFiles, WorseDamageNeverLeavesMoreNorRepairsFaster) {
  const ParameterSet set = central_parameters(table());
  for (std::size_t which = 0; which < kAssetClassCount; ++which) {
    const auto asset_class = static_cast<AssetClass>(which);
    EXPECT_EQ(set.damage.capacity_factor(asset_class, DamageState::none, false), 1.0);
    for (std::size_t state = 1; state < kDamageStateCount; ++state) {
      for (const bool fixed : {false, true}) {
        EXPECT_LE(
            set.damage.capacity_factor(asset_class, static_cast<DamageState>(state), fixed),
            set.damage.capacity_factor(asset_class, static_cast<DamageState>(state - 1), fixed));
      }
      EXPECT_LE(set.damage.capacity_factor(asset_class, static_cast<DamageState>(state), false),
                set.damage.capacity_factor(asset_class, static_cast<DamageState>(state), true));
      if (state >= 2) {
        EXPECT_LE(set.repair.permanent_hours[which][state - 2],
                  set.repair.permanent_hours[which][state - 1]);
      }
    }
  }
  for (std::size_t level = 1; level < kProtectionCount; ++level) {
    for (std::size_t weapon = 0; weapon < 2; ++weapon) {
      EXPECT_LT(set.damage.probability[level][weapon], set.damage.probability[level - 1][weapon]);
    }
  }
}

// --- drawing
// ----------------------------------------------------------------------------------------------------------

TEST(DrawParameters, StayInTheirRangesWithMeansNearTheirDistributions) {
  const std::size_t count = table().entries.size();
  ParameterTable numbered = table();
  for (std::size_t index = 0; index < count; ++index) {
    numbered.entries[index].value = static_cast<double>(index);
  }
  const std::vector<double> which = values_of(central_parameters(numbered));
  std::vector<double> sum(count, 0.0);
  std::vector<double> squares(count, 0.0);
  constexpr std::size_t kDraws = 1000;
  const ParameterSet central = central_parameters(table());
  for (std::size_t replication = 0; replication < kDraws; ++replication) {
    ParameterSet set = central;
    draw_parameters(table(), Draw(1, replication), set);
    const std::vector<double> values = values_of(set);
    for (std::size_t member = 0; member < count; ++member) {
      const auto index = static_cast<std::size_t>(which[member]);
      sum[index] += values[member];
      squares[index] += values[member] * values[member];
      const ParameterEntry& entry = table().entries[index];
      if (entry.distribution == Distribution::fixed) {
        ASSERT_EQ(values[member], entry.value) << entry.name;
      } else {
        ASSERT_GE(values[member], entry.low) << entry.name;
        ASSERT_LE(values[member], entry.high) << entry.name;
      }
    }
  }
  std::size_t drawn = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const ParameterEntry& entry = table().entries[index];
    if (entry.distribution == Distribution::fixed) {
      continue;
    }
    ++drawn;
    const double mean = sum[index] / kDraws;
    const double sd = std::sqrt(std::max(0.0, squares[index] / kDraws - mean * mean));
    EXPECT_GT(sd, 0.0) << entry.name;
    double expected = entry.value;  // split_uniform
    double tolerance = 4.5 * sd / std::sqrt(static_cast<double>(kDraws));
    if (entry.distribution == Distribution::triangular) {
      expected = (entry.low + entry.value + entry.high) / 3.0;
    } else if (entry.distribution == Distribution::uniform) {
      expected = (entry.low + entry.high) / 2.0;
    } else if (entry.distribution == Distribution::lognormal) {
      tolerance += 0.5 * (entry.high -
                          entry.low);  // cut: only that it is inside, above, and its median below
    }
    EXPECT_NEAR(mean, expected, tolerance) << entry.name;
  }
  EXPECT_GT(drawn, 150U);
}

TEST(DrawParameters, LognormalHasItsMedianWhenTheRangeIsSymmetric) {
  ParameterTable one = table();
  std::size_t below = 0;
  for (ParameterEntry& entry : one.entries) {
    if (entry.name == "heat.freeze_hours_at_minus_10") {
      ASSERT_EQ(entry.distribution, Distribution::lognormal);  // 4 to 16, median 8
    }
  }
  constexpr std::size_t kDraws = 10000;
  for (std::size_t replication = 0; replication < kDraws; ++replication) {
    ParameterSet set = central_parameters(one);
    draw_parameters(one, Draw(1, replication), set);
    below += set.model.heat.freeze_hours_at_minus_10 < 8.0 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(below) / kDraws, 0.5, 0.015);
}

TEST(DrawParameters, AreAddressedByTheirOwnNames) {
  ParameterTable other = table();
  for (ParameterEntry& entry : other.entries) {
    if (entry.name == "heat.gain_k") {
      entry.distribution = Distribution::fixed;
    }
  }
  ParameterSet a = central_parameters(table());
  ParameterSet b = a;
  draw_parameters(table(), Draw(1, 3), a);
  draw_parameters(other, Draw(1, 3), b);
  EXPECT_NE(a.model.heat.gain_k, b.model.heat.gain_k);
  b.model.heat.gain_k = a.model.heat.gain_k;
  EXPECT_EQ(values_of(a), values_of(b));
}

// --- overrides
// --------------------------------------------------------------------------------------------------------

TEST(Override, ReplacesTheCentralValueAndStopsDrawing) {
  ParameterTable changed = table();
  Diagnostics diagnostics;
  EXPECT_TRUE(
      override_parameter(changed, "heat.tau_panel_hours", 55.0, {"a.yaml", 3, 5}, diagnostics));
  EXPECT_TRUE(diagnostics.items().empty());
  ParameterSet set = central_parameters(changed);
  EXPECT_EQ(set.model.heat.tau_hours[0], 55.0);
  draw_parameters(changed, Draw(1, 1), set);
  EXPECT_EQ(set.model.heat.tau_hours[0], 55.0);
}

TEST(Override, OutsideItsRangeIsAWarning) {
  ParameterTable changed = table();
  Diagnostics diagnostics;
  EXPECT_TRUE(
      override_parameter(changed, "heat.tau_panel_hours", 200.0, {"a.yaml", 3, 5}, diagnostics));
  EXPECT_EQ(diagnostics.error_count(), 0U);
  ASSERT_EQ(diagnostics.warning_count(), 1U);
  EXPECT_EQ(diagnostics.items()[0].problem,
            "'heat.tau_panel_hours' is 200, outside its range 20 to 60 h");
  EXPECT_EQ(diagnostics.items()[0].place.line, 3U);
}

TEST(Override, AgainstTheUnitOrNotFiniteIsAnError) {
  ParameterTable changed = table();
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, double>>{{"strikes.energy_aim_drone", 1.5},
                                                   {"strikes.energy_aim_drone", -0.1},
                                                   {"heat.tau_panel_hours", -1.0},
                                                   {"heat.gain_k", std::nan("")},
                                                   {"heat.drain_threshold_c", HUGE_VAL}}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(override_parameter(changed, name, value, {}, diagnostics)) << name << " " << value;
    EXPECT_EQ(diagnostics.error_count(), 1U);
  }
  Diagnostics diagnostics;
  EXPECT_TRUE(override_parameter(changed, "heat.drain_threshold_c", -4.0, {}, diagnostics));
}

TEST(Override, BeyondWhatTheProgramCanWorkWithIsAnError) {
  ParameterTable changed = table();
  for (const auto& [name, value, problem] :
       std::vector<std::tuple<std::string, double, std::string>>{
           {"outage.wave_deficit_recovery_days", 1e300, "must be <= 1e+05"},
           {"recovery.switching_shortest_hours", 1e7, "must be <= 1e+06"},
           {"strikes.winter_2025_26.routine_drones_mean", 1e12, "must be <= 1e+06"},
           {"heat.drain_threshold_c", -1e300, "must be >= -1e+09"},
           {"strikes.winter_2025_26.gap_mean_days", 0.0, "must be >= 0.01"},
           {"strikes.winter_2025_26.gap_shape", 0.0, "must be >= 0.01"},
           {"strikes.winter_2025_26.routine_drones_dispersion", 0.0, "must be >= 0.01"}}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(override_parameter(changed, name, value, {}, diagnostics)) << name;
    ASSERT_EQ(diagnostics.error_count(), 1U) << name;
    EXPECT_NE(diagnostics.items()[0].problem.find(problem), std::string::npos)
        << diagnostics.items()[0].problem;
  }
}

TEST(Override, UnknownNameSuggestsTheNearest) {
  ParameterTable changed = table();
  for (const auto& [wrong, right] : std::vector<std::pair<std::string, std::string>>{
           {"heat.tau_panel_hour", "heat.tau_panel_hours"},
           {"tau_panel_hours", "heat.tau_panel_hours"},
           {"strikes.winter_2025_26.gap_mean", "strikes.winter_2025_26.gap_mean_days"}}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(override_parameter(changed, wrong, 1.0, {"a.yaml", 9, 1}, diagnostics));
    ASSERT_EQ(diagnostics.error_count(), 1U);
    EXPECT_EQ(diagnostics.items()[0].problem, "unknown parameter '" + wrong + "'");
    EXPECT_NE(diagnostics.items()[0].hint.find("'" + right + "'"), std::string::npos)
        << diagnostics.items()[0].hint;
  }
}

// --- the reader is strict
// ---------------------------------------------------------------------------------------------

/// Diagnostics of the embedded files with the first `from` in buildings.yaml replaced.
Diagnostics with_change(const std::string& from, const std::string& to) {
  std::vector<EmbeddedFile> files = embedded_parameter_files();
  std::string text;  // EmbeddedFile refers to it
  for (EmbeddedFile& file : files) {
    if (file.name == "buildings.yaml") {
      text = file.text;
      const std::size_t at = text.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      text.replace(at, from.size(), to);
      file.text = text;
    }
  }
  Diagnostics diagnostics;
  parse_parameters(files, diagnostics);
  return diagnostics;
}

TEST(Reader, EverySlipIsAnError) {
  const std::string entry = "{value: 40, range: [20, 60], unit: h, distribution: triangular";
  const std::vector<std::pair<std::string, std::string>> changes{
      {"{value: 70, range: [20, 60], unit: h, distribution: triangular",
       "value must lie in its range"},
      {"{value: 40 h, range: [20, 60], unit: h, distribution: triangular",
       "value must be a decimal number"},
      {"{value: .nan, range: [20, 60], unit: h, distribution: triangular",
       "value must be a decimal number"},
      {"{value: 0x28, range: [20, 60], unit: h, distribution: triangular",
       "value must be a decimal number"},
      {"{value: 40, range: [20], unit: h, distribution: triangular", "range must be [low, high]"},
      {"{value: 40, range: [-20, 60], unit: h, distribution: triangular", "must be >= 0"},
      {"{value: 40, range: [20, 60], unit: hours, distribution: triangular",
       "unknown unit 'hours'"},
      {"{value: 40, range: [20, 60], unit: h, distribution: normal",
       "unknown distribution 'normal'"},
      {"{value: 40, range: [0, 60], unit: h, distribution: lognormal", "a lognormal needs low > 0"},
      {"{valeu: 40, range: [20, 60], unit: h, distribution: triangular", "unknown key 'valeu'"},
      {"{value: 40, value: 41, range: [20, 60], unit: h, distribution: triangular",
       "is given twice"},
      {"{value: 40, range: [20, 60], distribution: triangular", "key 'unit' is missing"},
  };
  for (const auto& [to, problem] : changes) {
    const Diagnostics diagnostics = with_change(entry, to);
    ASSERT_GE(diagnostics.error_count(), 1U) << to;
    EXPECT_NE(diagnostics.to_text().find(problem), std::string::npos) << to << "\n"
                                                                      << diagnostics.to_text();
    EXPECT_EQ(diagnostics.items()[0].place.file, "data/parameters/buildings.yaml");
    EXPECT_GT(diagnostics.items()[0].place.line, 0U);
  }
  EXPECT_NE(with_change("heat.tau_panel_hours:", "heat.tau_panle_hours:")
                .to_text()
                .find("bound to nothing"),
            std::string::npos);
  EXPECT_NE(
      with_change("heat.tau_panel_hours:", "heat.tau_brick_hours:").to_text().find("given twice"),
      std::string::npos);
  EXPECT_NE(with_change("heat.tau_panel_hours:", "water.refill_share:").to_text().find("two files"),
            std::string::npos);
  EXPECT_NE(
      with_change("source: tau", "source: tua").to_text().find("not among the file's sources"),
      std::string::npos);
  EXPECT_NE(with_change("confidence: D", "confidence: X").to_text().find("confidence must be"),
            std::string::npos);
  EXPECT_NE(with_change("format: 1", "format: 2").to_text().find("format must be 1"),
            std::string::npos);
  EXPECT_NE(with_change("sources:", "sources: [").to_text().find("error"), std::string::npos);
}

}  // namespace
}  // namespace wintergrid::random
