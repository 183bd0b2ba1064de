// What a scenario cannot carry of an EPANET file, in plain words: one warning for each kind of
// thing.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/scenario/epanet_town.hpp"

namespace wintergrid::scenario::epanet {
namespace {

using hydraulics::HeadlossLaw;
using hydraulics::LinkKind;

/// "3 pipes", "1 pipe".
std::string counted(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text;
}

bool is_pipe(LinkKind kind) { return kind == LinkKind::pipe || kind == LinkKind::check_valve; }

/// The Hazen-Williams coefficient of a pipe of the file.
double coefficient_of(const EpanetFile& file, std::size_t k) {
  const hydraulics::Network& network = file.model.network;
  const double of_one =
      hydraulics::hazen_williams_resistance(file.length_m[k], network.diameter_m[k], 1.0);
  return std::pow(of_one / network.resistance[k], 1.0 / 1.852);
}

class Changes {
 public:
  Changes(const EpanetFile& file, const Start& start, Diagnostics& diagnostics)
      : file_(file), network_(file.model.network), start_(start), diagnostics_(diagnostics) {}

  void tell() {
    tell_start();
    tell_closed();
    tell_valves();
    tell_losses();
    tell_pumps();
    tell_sources();
    tell_tanks();
    tell_demands();
    constexpr std::size_t kMany = 2000;
    if (network_.node_count() > kMany) {
      say(fmt::format("{} nodes by pressure: a winter takes seconds", network_.node_count()),
          "if only who is cut off matters, --fidelity transport is much faster");
    }
  }

 private:
  void say(const std::string& what, const std::string& hint = {}) {
    diagnostics_.warning(ErrorCode::simplified, {file_.file, 0, 0}, what, hint);
  }

  template <class Test>
  std::size_t links(Test test) const {
    std::size_t count = 0;
    for (std::size_t k = 0; k < network_.link_count(); ++k) {
      count += test(k) ? 1U : 0U;
    }
    return count;
  }
  std::size_t open_links(LinkKind kind) const {
    return links([&](std::size_t k) { return start_.is_open[k] != 0 && network_.kind[k] == kind; });
  }

  void tell_start() {
    if (!start_.solved) {
      say("the file has no hydraulic solution at its start",
          "pumps and valves are taken as if nothing flowed; try: wintergrid solve water FILE");
    }
    std::vector<std::string> parts;
    if (!file_.model.controls.empty()) {
      parts.push_back(counted(file_.model.controls.size(), "control"));
    }
    if (!file_.model.rules.empty()) {
      parts.push_back(counted(file_.model.rules.size(), "rule"));
    }
    if (!parts.empty()) {
      say(joined(parts) +
          " not taken over: pumps that run at some time of the file's first day always run, pipes "
          "and valves stay as they are at its start");
    }
    const std::size_t later = links([&](std::size_t k) { return start_.runs_later[k] != 0; });
    if (later > 0) {
      say(counted(later, "pump") + " closed at the file's start but not all day: taken as running");
    }
  }

  void tell_closed() {
    const auto shut = [&](std::size_t k) { return start_.is_open[k] == 0; };
    const std::size_t pipes =
        links([&](std::size_t k) { return shut(k) && is_pipe(network_.kind[k]); });
    const std::size_t pumps =
        links([&](std::size_t k) { return shut(k) && network_.kind[k] == LinkKind::pump; });
    const std::size_t valves = links(shut) - pipes - pumps;
    std::vector<std::string> parts;
    for (const auto& [count, what] :
         {std::pair<std::size_t, const char*>{pipes, "pipe"}, {pumps, "pump"}, {valves, "valve"}}) {
      if (count > 0) {
        parts.push_back(counted(count, what));
      }
    }
    if (!parts.empty()) {
      say(joined(parts) + " closed (pumps: all day), left out",
          "to have one of them, open it in [STATUS], [CONTROLS] or [RULES]");
    }
  }

  void tell_valves() {
    struct Kind {
      LinkKind kind;
      const char* name;
      const char* loses;
    };
    constexpr std::array<Kind, 7> kKinds = {{
        {LinkKind::pressure_reducing_valve, "PRV", "it no longer limits the pressure behind it"},
        {LinkKind::pressure_sustaining_valve, "PSV", "it no longer holds the pressure before it"},
        {LinkKind::flow_control_valve, "FCV", "it no longer limits the flow"},
        {LinkKind::pressure_breaker_valve, "PBV", "its loss now grows with the flow"},
        {LinkKind::throttle_valve, "TCV", "its loss grows with flow^1.852 instead of flow^2"},
        {LinkKind::curve_valve, "GPV", "its loss grows with flow^1.852 instead of its curve"},
        {LinkKind::positional_valve, "PCV", "its loss grows with flow^1.852 instead of flow^2"},
    }};
    for (const Kind& kind : kKinds) {
      if (const std::size_t count = open_links(kind.kind); count > 0) {
        say(fmt::format("{} {}: each is a pipe with its head loss at the file's start; {}", count,
                        kind.name, kind.loses));
      }
    }
  }

  void tell_losses() {
    if (network_.law != HeadlossLaw::hazen_williams) {
      say(fmt::format(
          "head loss by {}: every pipe gets the Hazen-Williams diameter that loses as "
          "much at the file's start, and differs from it at other flows",
          network_.law == HeadlossLaw::chezy_manning ? "Chezy-Manning" : "Darcy-Weisbach"));
      return;
    }
    const double common = common_roughness(file_, start_);
    const std::size_t rough = links([&](std::size_t k) {
      return start_.is_open[k] != 0 && is_pipe(network_.kind[k]) &&
             std::abs(coefficient_of(file_, k) / common - 1.0) > 1e-3;
    });
    if (rough > 0) {
      say(
          fmt::format("{} with another roughness than the common {:.4g}: diameters are changed so "
                      "that the head loss is the same at every flow",
                      counted(rough, "pipe"), common));
    }
    const std::size_t minor = links([&](std::size_t k) {
      return start_.is_open[k] != 0 && is_pipe(network_.kind[k]) && network_.minor_loss[k] > 0.0;
    });
    if (minor > 0) {
      say(
          fmt::format("{} with minor losses: they are in the diameter, exactly at the flow of the "
                      "file's start",
                      counted(minor, "pipe")));
    }
  }

  void tell_pumps() {
    const std::size_t by_power = links([&](std::size_t k) {
      return start_.is_open[k] != 0 && network_.kind[k] == LinkKind::pump &&
             network_.pumps[network_.attachment[k]].kind == hydraulics::PumpKind::constant_power;
    });
    if (by_power > 0) {
      say(counted(by_power, "pump") +
          " of constant power: lift and slope are those at the file's start");
    }
    if (!file_.model.speed_patterns.empty()) {
      say(counted(file_.model.speed_patterns.size(), "pump speed pattern") +
          " not taken over: pumps keep the speed of the file's start");
    }
  }

  void tell_sources() {
    if (!file_.model.head_patterns.empty()) {
      say(counted(file_.model.head_patterns.size(), "reservoir") +
          " with a head pattern: the head of the file's start stays");
    }
    std::size_t taking = 0, endless = 0, inflows = 0;
    constexpr double kSmallM3s = 1e-5;
    for (std::size_t i = 0; i < network_.node_count(); ++i) {
      taking +=
          file_.node_kinds[i] == EpanetNodeKind::reservoir && start_.reservoir_m3s[i] > kSmallM3s
              ? 1U
              : 0U;
      endless += start_.endless_tanks[i];
      inflows += start_.inflow_m3s[i] > 0.0 ? 1U : 0U;
    }
    if (taking > 0) {
      say(counted(taking, "reservoir") +
              " takes in water at the file's start: a works only gives, so that heads differ",
          "make it a tank");
    }
    if (endless > 0) {
      say(counted(endless, "tank") +
          " without a reservoir to fill it: taken as works that never run empty");
    }
    if (inflows > 0) {
      say(counted(inflows, "junction") + " with a negative demand: a works with that yield");
    }
  }

  void tell_tanks() {
    double least_m = 1e9, most_m = 0.0;
    std::size_t curved = 0;
    for (const hydraulics::Tank& tank : file_.model.tanks) {
      least_m = std::min(least_m, tank.highest_m - tank.lowest_m);
      most_m = std::max(most_m, tank.highest_m - tank.lowest_m);
      curved += tank.volume_curve != hydraulics::kNone ? 1U : 0U;
    }
    if (most_m - least_m > 0.5) {
      say(
          fmt::format("tanks are {:.1f} to {:.1f} m deep: all get {:.1f} m, with the right head at "
                      "the file's start",
                      least_m, most_m, common_tank_depth_m(file_)));
    }
    if (curved > 0) {
      say(counted(curved, "tank") + " with a volume curve: level and volume are proportional here");
    }
  }

  void tell_demands() {
    if (start_.patterns > 1) {
      say(fmt::format("demands follow {} patterns: one day for all, the mean by demand",
                      start_.patterns));
    }
    if (start_.leaked_m3s > 0.0) {
      say(
          fmt::format("emitters and leaks: a constant draw of {:.1f} m3/h as at the file's start, "
                      "as water.leakage_share",
                      start_.leaked_m3s * kSecondsPerHour));
    }
    if (start_.unfed_junctions > 0) {
      say(fmt::format(
              "{} with {:.1f} m3/h of demand that no open link connects with a reservoir or "
              "tank: without people",
              counted(start_.unfed_junctions, "junction"), start_.unfed_m3s * kSecondsPerHour),
          "open the links on the way: [PIPES], [STATUS], [CONTROLS]");
    }
    const hydraulics::SolverOptions& options = file_.model.options;
    if (options.pressure_driven &&
        (options.minimum_pressure_m != 0.0 || options.pressure_exponent != 0.5)) {
      say("pressure-driven demand with another minimum pressure than 0 or exponent than 0.5: both "
          "are fixed here");
    }
  }

  const EpanetFile& file_;
  const hydraulics::Network& network_;
  const Start& start_;
  Diagnostics& diagnostics_;
};

}  // namespace

/// The coefficient of most metres of pipe, within what the model takes for likely (80 to 140).
double common_roughness(const EpanetFile& file, const Start& start) {
  constexpr double kTypical = 110.0, kLeast = 80.0, kMost = 140.0;
  std::map<long, double> metres;  // by coefficient in hundredths
  for (std::size_t k = 0; k < file.model.network.link_count(); ++k) {
    if (file.model.network.law == HeadlossLaw::hazen_williams && start.is_open[k] != 0 &&
        is_pipe(file.model.network.kind[k])) {
      metres[std::lround(100.0 * coefficient_of(file, k))] += file.length_m[k];
    }
  }
  const auto most =
      std::max_element(metres.begin(), metres.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == metres.end() ? kTypical
                              : std::clamp(static_cast<double>(most->first) / 100.0, kLeast, kMost);
}

double common_tank_depth_m(const EpanetFile& file) {
  double volume_m3 = 0.0, depth_m = 0.0;
  for (const hydraulics::Tank& tank : file.model.tanks) {
    const double of_tank = std::max(tank.most_m3 - tank.least_m3, 0.1);
    volume_m3 += of_tank;
    depth_m += of_tank * std::max(tank.highest_m - tank.lowest_m, 0.1);
  }
  return volume_m3 > 0.0 ? depth_m / volume_m3 : 0.0;
}

void warn_of_changes(const EpanetFile& file, const Start& start, Diagnostics& diagnostics) {
  Changes(file, start, diagnostics).tell();
}

}  // namespace wintergrid::scenario::epanet
