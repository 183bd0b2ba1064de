// [OPTIONS] and [TIMES] of EPANET input files. Conversions are EPANET's rounded ones (448.831 gpm,
// 28.317 L/s per cfs, 0.4333 psi/ft), so that settings mean the same heads and flows.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/scenario/epanet_reader.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario::epanet {
namespace {

struct FlowUnit {
  std::string_view name;
  double per_cfs;
  bool si;
};
constexpr std::array<FlowUnit, 12> kFlowUnits = {{{"CFS", 1.0, false},
                                                  {"GPM", 448.831, false},
                                                  {"AFD", 1.9837, false},
                                                  {"MGD", 0.64632, false},
                                                  {"IMGD", 0.5382, false},
                                                  {"LPS", 28.317, true},
                                                  {"LPM", 1699.0, true},
                                                  {"CMH", 101.94, true},
                                                  {"CMD", 2446.6, true},
                                                  {"MLD", 2.4466, true},
                                                  {"CMS", 0.028317, true},
                                                  {"SI", 28.317, true}}};
constexpr std::array<std::string_view, 5> kPressureUnits = {"PSI", "KPA", "METERS", "BAR", "FEET"};

std::string flow_unit_names() {
  std::string names;
  for (const FlowUnit& unit : kFlowUnits) {
    names += (names.empty() ? "" : ", ") + std::string(unit.name);
  }
  return names;
}

}  // namespace

/// Flow units and head loss law first: other sections depend on them.
void Reader::read_units() {
  for (const Line& line : lines(Section::options)) {
    if (line.size() < 2) {
      continue;
    }
    if (begins(line.at(0), "UNIT")) {
      const auto unit =
          std::find_if(kFlowUnits.begin(), kFlowUnits.end(),
                       [&line](const FlowUnit& u) { return begins(line.at(1), u.name); });
      if (unit == kFlowUnits.end()) {
        error(ErrorCode::type, line, 1, fmt::format("{} is not a flow unit", in_quotes(line.at(1))),
              "one of " + flow_unit_names());
        continue;
      }
      units_.si = unit->si;
      units_.flow = kCfs / unit->per_cfs;
      units_.length = unit->si ? 1.0 : kFt;
      units_.diameter = unit->si ? 1e-3 : kFt / 12.0;
    } else if (begins(line.at(0), "HEADL")) {
      if (begins(line.at(1), "H-W")) {
        network_.law = hydraulics::HeadlossLaw::hazen_williams;
      } else if (begins(line.at(1), "D-W")) {
        network_.law = hydraulics::HeadlossLaw::darcy_weisbach;
      } else if (begins(line.at(1), "C-M")) {
        network_.law = hydraulics::HeadlossLaw::chezy_manning;
      } else {
        error(ErrorCode::type, line, 1,
              fmt::format("{} is not a head loss formula", in_quotes(line.at(1))),
              "one of H-W, D-W, C-M");
      }
    }
  }
}

/// Options that are words. Returns whether the line was one.
bool Reader::read_named_option(const Line& line) {
  const std::string& key = line.at(0);
  const std::string word = line.size() > 1 ? line.at(1) : "";
  if (begins(key, "UNIT") || begins(key, "HEADL") || begins(key, "QUAL") || begins(key, "MAP") ||
      begins(key, "VERI") || begins(key, "SEGM")) {
    return true;
  }
  if (begins(key, "HYDR")) {
    if (begins(word, "USE")) {
      error(ErrorCode::statement, line, 1, "HYDRAULICS USE is not supported",
            "remove the line: hydraulics are solved");
    }
    return true;
  }
  if (begins(key, "PRESSURE") && !begins(word, "EXP")) {
    const bool known = std::any_of(kPressureUnits.begin(), kPressureUnits.end(),
                                   [&word](std::string_view unit) { return begins(word, unit); });
    if (!known && !word.empty()) {
      error(ErrorCode::type, line, 1, fmt::format("{} is not a pressure unit", in_quotes(word)),
            "one of PSI, KPA, METERS, BAR, FEET");
    }
    pressure_unit_ = word;
    return true;
  }
  if (begins(key, "UNBA")) {
    if (begins(word, "CONT")) {
      model_.options.extra_iterations =
          line.size() > 2 ? static_cast<int>(not_negative(line, 2, "extra trials")) : 0;
    } else if (!word.empty() && !begins(word, "STOP")) {
      error(ErrorCode::type, line, 1, fmt::format("{} is not a choice", in_quotes(word)),
            "STOP or CONTINUE n");
    }
    return true;
  }
  if (begins(key, "PATT")) {
    default_pattern_ = word;
    return true;
  }
  if (begins(key, "DEMAND") && begins(word, "MODEL")) {
    const std::string model = line.size() > 2 ? line.at(2) : "";
    model_.options.pressure_driven = begins(model, "PDA");
    if (!begins(model, "PDA") && !begins(model, "DDA")) {
      error(ErrorCode::type, line, 2, fmt::format("{} is not a demand model", in_quotes(model)),
            "DDA or PDA");
    }
    return true;
  }
  if (begins(key, "BACK")) {
    backflow_ = !(line.size() > 2 && begins(line.at(2), "NO"));
    return true;
  }
  return false;
}

void Reader::read_numeric_option(const Line& line) {
  const std::string& key = line.at(0);
  hydraulics::SolverOptions& options = model_.options;
  const bool two_words = begins(key, "SPEC") || begins(key, "EMIT") || begins(key, "DEMAND") ||
                         begins(key, "MINI") || begins(key, "REQ") || begins(key, "PRESSURE");
  const std::size_t word = two_words ? 2 : 1;
  constexpr std::array<std::string_view, 19> kKnown = {
      "SPEC", "EMIT",      "DEMAND",     "MINI",      "REQ",     "PRESSURE", "TOLER",
      "DIFF", "DAMPLIMIT", "FLOWCHANGE", "HEADERROR", "VISC",    "TRIAL",    "ACCU",
      "HTOL", "QTOL",      "RQTOL",      "CHECKFREQ", "MAXCHECK"};
  if (std::none_of(kKnown.begin(), kKnown.end(),
                   [&key](std::string_view known) { return begins(key, known); })) {
    error(ErrorCode::unknown_name, line, 0,
          fmt::format("{} is not an option of EPANET", in_quotes(key)),
          hint_for_unknown(
              key, {"UNITS",       "HEADLOSS",  "PRESSURE", "HYDRAULICS", "QUALITY",   "VISCOSITY",
                    "DIFFUSIVITY", "SPECIFIC",  "TRIALS",   "ACCURACY",   "HEADERROR", "FLOWCHANGE",
                    "UNBALANCED",  "PATTERN",   "DEMAND",   "EMITTER",    "BACKFLOW",  "MINIMUM",
                    "REQUIRED",    "TOLERANCE", "MAP",      "CHECKFREQ",  "MAXCHECK",  "DAMPLIMIT"},
              "options"));
    return;
  }
  if (line.size() <= word) {
    return;  // EPANET takes a missing value as "leave the default"
  }
  const double number = not_negative(line, word, "option");
  if (begins(key, "SPEC")) {
    specific_gravity_ = positive(line, word, "specific gravity", 1.0);
  } else if (begins(key, "EMIT")) {
    emitter_exponent_ = 1.0 / positive(line, word, "emitter exponent", 0.5);
  } else if (begins(key, "DEMAND")) {
    model_.demand_multiplier = number;
  } else if (begins(key, "MINI")) {
    least_pressure_ = number;
  } else if (begins(key, "REQ")) {
    required_pressure_ = number;
  } else if (begins(key, "PRESSURE")) {
    pressure_exponent_ = positive(line, word, "pressure exponent", 0.5);
  } else if (begins(key, "DAMPLIMIT")) {
    options.damping_below = number;
  } else if (begins(key, "FLOWCHANGE")) {
    flow_change_ = number;
  } else if (begins(key, "HEADERROR")) {
    head_error_ = number;
  } else if (begins(key, "VISC")) {
    viscosity_ = positive(line, word, "viscosity", 1.0);
  } else if (begins(key, "TRIAL")) {
    options.max_iterations = static_cast<int>(positive(line, word, "trials", 200.0));
  } else if (begins(key, "ACCU")) {
    options.accuracy = std::clamp(number, 1e-5, 1e-1);
  } else if (begins(key, "HTOL")) {
    options.head_tolerance_m = number * kFt;
  } else if (begins(key, "QTOL")) {
    options.flow_tolerance_m3s = number * kCfs;
  } else if (begins(key, "RQTOL")) {
    options.least_gradient = number * kFt / kCfs;
  } else if (begins(key, "CHECKFREQ")) {
    options.check_every = static_cast<int>(positive(line, word, "CHECKFREQ", 2.0));
  } else if (begins(key, "MAXCHECK")) {
    options.last_check = static_cast<int>(number);
  }
}

void Reader::read_options() {
  model_.options.accuracy = 0.001;  // EPANET's default
  for (const Line& line : lines(Section::options)) {
    if (!read_named_option(line)) {
      read_numeric_option(line);
    }
  }
  finish_options();
}

void Reader::finish_options() {
  // head = pressure / (0.4333 psi per ft x specific gravity); metres and feet are heads already
  const double psi = kFt / (0.4333 * specific_gravity_);
  const std::string& unit = pressure_unit_;
  units_.pressure = begins(unit, "METERS") ? 1.0
                    : begins(unit, "FEET") ? kFt
                    : begins(unit, "KPA")  ? psi / 6.895
                    : begins(unit, "BAR")  ? psi / 0.068948
                    : begins(unit, "PSI")  ? psi
                    : units_.si            ? 1.0
                                           : psi;
  constexpr double kWaterFt2s = 1.1e-5;
  const double ft2s = viscosity_ == 0.0   ? kWaterFt2s
                      : viscosity_ > 1e-3 ? viscosity_ * kWaterFt2s
                                          : viscosity_ / (units_.si ? kFt * kFt : 1.0);
  network_.viscosity_m2s = ft2s * kFt * kFt;
  hydraulics::SolverOptions& options = model_.options;
  options.minimum_pressure_m = least_pressure_ * units_.pressure;
  options.required_pressure_m =
      std::max(required_pressure_, least_pressure_ + 0.1) * units_.pressure;
  options.pressure_exponent = pressure_exponent_;
  options.largest_head_error_m = head_error_ * units_.length;
  options.largest_flow_change_m3s = flow_change_ * units_.flow;
}

void Reader::read_times() {
  model_.rule_step_s = 0;
  for (const Line& line : lines(Section::times)) {
    const std::string& key = line.at(0);
    const std::string& last = line.words.back().text;
    if (begins(key, "STAT") || begins(key, "QUAL") || begins(key, "MINI")) {
      continue;
    }
    if (line.size() < 2) {
      error(ErrorCode::missing, line, 0, fmt::format("{} has no value", in_quotes(key)),
            "such as DURATION 24:00");
      continue;
    }
    auto time = hours(last, "");
    if (!time) {
      time = hours(line.at(line.size() - 2), last);
    }
    if (!time) {
      error(ErrorCode::type, line, line.size() - 1,
            fmt::format("{} is not a time", in_quotes(last)),
            "hours as 24, 24:00 or 1440 MIN; clock times as 6 AM");
      continue;
    }
    const auto seconds = static_cast<std::int64_t>(std::llround(3600.0 * *time));
    const bool start = line.size() > 2 && begins(line.at(1), "STAR");
    if (begins(key, "DURA")) {
      model_.duration_s = seconds;
    } else if (begins(key, "HYDR")) {
      model_.hydraulic_step_s = seconds;
    } else if (begins(key, "RULE")) {
      model_.rule_step_s = seconds;
    } else if (begins(key, "PATT")) {
      (start ? model_.pattern_start_s : model_.pattern_step_s) = seconds;
    } else if (begins(key, "REPO")) {
      (start ? model_.report_start_s : model_.report_step_s) = seconds;
    } else if (begins(key, "STAR")) {
      model_.clock_start_s = seconds % 86400;
    } else {
      error(ErrorCode::unknown_name, line, 0,
            fmt::format("{} is not a time setting of EPANET", in_quotes(key)),
            hint_for_unknown(key,
                             {"DURATION", "HYDRAULIC", "QUALITY", "RULE", "PATTERN", "REPORT",
                              "START", "STATISTIC"},
                             "time settings"));
    }
  }
  const auto at_least_one = [](std::int64_t& step, std::int64_t otherwise) {
    step = step <= 0 ? otherwise : step;
  };
  at_least_one(model_.pattern_step_s, 3600);
  at_least_one(model_.report_step_s, model_.pattern_step_s);
  at_least_one(model_.hydraulic_step_s, 3600);
  model_.hydraulic_step_s =
      std::min({model_.hydraulic_step_s, model_.pattern_step_s, model_.report_step_s});
  at_least_one(model_.rule_step_s, std::max<std::int64_t>(1, model_.hydraulic_step_s / 10));
  model_.rule_step_s = std::min(model_.rule_step_s, model_.hydraulic_step_s);
}

}  // namespace wintergrid::scenario::epanet
