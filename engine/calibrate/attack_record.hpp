#pragma once
// A public record of attacks, one row per weapon model and attack window: "Massive Missile Attacks
// on Ukraine" (P. Ivaniuk, Kaggle), of which the user brings a copy.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/source_text.hpp"
#include "engine/random/parameters.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::calibrate {

struct AttackRow {
  std::int64_t day = 0;  ///< of the attack, days since 1970-01-01: see day_of_window
  random::Weapon weapon = random::Weapon::drone;
  std::int64_t launched = 0;
  std::optional<std::int64_t> neutralised;  ///< destroyed + not_reach_goal, at most launched
  std::optional<std::int64_t> real;         ///< of drones: of Shahed type, not decoys
  std::optional<std::int64_t> locations;    ///< hit
};

/// A model that is left out, and in how many rows.
struct LeftOut {
  std::string model;
  std::size_t rows = 0;
  bool known = false;  ///< a tactical missile, S-300/400 or reconnaissance drone
};

struct AttackRecord {
  std::string file;
  std::vector<AttackRow> rows;
  std::vector<LeftOut> left_out;  ///< in order of appearance
};

/// The class of a model by what its name contains; of several classes the one named first.
/// Ballistic also where rows mix Iskander-M with S-300/400. Nothing if there is none; `known` tells
/// whether that is on purpose.
std::optional<random::Weapon> class_of_model(std::string_view model, bool& known);

/// Days since 1970-01-01 of "2026-01-09", "2026-01-09 03:00" or with seconds or a T. Nothing if it
/// is none. `minutes`: of the day, -1 if there is no time.
std::optional<std::int64_t> parse_day(std::string_view text, int& minutes);

/// Columns by name in any order, others are left alone: time_start, model, launched, destroyed are
/// needed, time_end, not_reach_goal, is_shahed and num_hit_location used if there. Reports
/// everything that is wrong with what is used; warns of rows that say nothing.
AttackRecord read_attacks(const io::SourceText& source, Diagnostics& diagnostics);

}  // namespace wintergrid::calibrate
