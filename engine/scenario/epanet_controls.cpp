// Simple controls and rules of EPANET input files.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/scenario/epanet_reader.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario::epanet {

using hydraulics::Comparison;
using hydraulics::ControlKind;
using hydraulics::kNone;
using hydraulics::kNoSetting;
using hydraulics::LinkKind;
using hydraulics::LinkStatus;
using hydraulics::Quantity;

namespace {

constexpr std::int64_t kDay = 86400;

enum class Part : std::uint8_t { none, rule, premises, then_actions, else_actions, priority };

bool is_link_word(std::string_view word) {
  return begins(word, "LINK") || begins(word, "PIPE") || begins(word, "PUMP") ||
         begins(word, "VALVE");
}

bool is_node_word(std::string_view word) {
  return begins(word, "NODE") || begins(word, "JUNC") || begins(word, "RESER") ||
         begins(word, "TANK");
}

struct QuantityWord {
  std::string_view word;
  Quantity quantity;
};
constexpr std::array<QuantityWord, 7> kNodeQuantities = {{{"DEMAND", Quantity::outflow},
                                                          {"HEAD", Quantity::head},
                                                          {"GRADE", Quantity::head},
                                                          {"LEVEL", Quantity::pressure},
                                                          {"PRESSURE", Quantity::pressure},
                                                          {"FILLTIME", Quantity::fill_time},
                                                          {"DRAINTIME", Quantity::drain_time}}};
constexpr std::array<QuantityWord, 3> kLinkQuantities = {
    {{"FLOW", Quantity::flow}, {"STATUS", Quantity::status}, {"SETTING", Quantity::setting}}};
constexpr std::array<QuantityWord, 3> kSystemQuantities = {{{"DEMAND", Quantity::total_demand},
                                                            {"TIME", Quantity::time},
                                                            {"CLOCKTIME", Quantity::clock_time}}};

struct ComparisonWord {
  std::string_view word;
  Comparison comparison;
};
constexpr std::array<ComparisonWord, 10> kComparisons = {{{"=", Comparison::equal},
                                                          {"<>", Comparison::not_equal},
                                                          {"<=", Comparison::at_most},
                                                          {">=", Comparison::at_least},
                                                          {"<", Comparison::below},
                                                          {">", Comparison::above},
                                                          {"IS", Comparison::equal},
                                                          {"NOT", Comparison::not_equal},
                                                          {"BELOW", Comparison::below},
                                                          {"ABOVE", Comparison::above}}};

template <class List>
std::optional<Quantity> quantity_of(const List& list, std::string_view word) {
  for (const QuantityWord& candidate : list) {
    if (begins(word, candidate.word)) {
      return candidate.quantity;
    }
  }
  return std::nullopt;
}

}  // namespace

bool Reader::parse_status(std::string_view word, LinkStatus& status) const {
  if (begins(word, "OPEN")) {
    status = LinkStatus::open;
  } else if (begins(word, "CLOSED")) {
    status = LinkStatus::closed;
  } else if (begins(word, "ACTIVE")) {
    status = LinkStatus::active;
  } else {
    return false;
  }
  return true;
}

void Reader::read_controls() {
  for (const Line& line : lines(Section::controls)) {
    if (enough(line, 6, "LINK link status IF NODE node ABOVE level, or ... AT TIME time")) {
      read_control(line);
    }
  }
}

void Reader::read_control(const Line& line) {
  if (!is_link_word(line.at(0))) {
    error(ErrorCode::syntax, line, 0,
          fmt::format("a control begins with {} (must be LINK)", in_quotes(line.at(0))));
    return;
  }
  hydraulics::Control control;
  control.link = find(line, 1, "link", links_);
  if (control.link == kNone) {
    return;
  }
  const LinkKind kind = network_.kind[control.link];
  LinkStatus status = LinkStatus::open;
  if (parse_status(line.at(2), status) && status != LinkStatus::active) {
    control.status = status;
    if (kind == LinkKind::pump) {
      control.setting = status == LinkStatus::open ? 1.0 : 0.0;
    }
  } else {
    const double setting = value(line, 2, "setting");
    const bool plain = kind == LinkKind::pipe || kind == LinkKind::pump;
    control.status = !plain           ? LinkStatus::active
                     : setting == 0.0 ? LinkStatus::closed
                                      : LinkStatus::open;
    control.setting = kind == LinkKind::pipe ? kNoSetting : setting * setting_unit(kind);
    if (plain && setting < 0.0) {
      error(ErrorCode::range, line, 2, fmt::format("setting is {} (must be >= 0)", setting));
    }
  }
  if (kind == LinkKind::check_valve ||
      (kind == LinkKind::curve_valve && control.status == LinkStatus::active)) {
    error(ErrorCode::statement, line, 1,
          fmt::format("{} cannot be controlled so", in_quotes(line.at(1))),
          "check valves cannot be controlled; GPVs can be OPEN or CLOSED");
    return;
  }
  std::size_t size = line.size();
  if (begins(line.at(size - 1), "DISABLED")) {
    return;
  }
  if (begins(line.at(4), "TIME") || begins(line.at(4), "CLOCKTIME")) {
    const bool clock = begins(line.at(4), "CLOCKTIME");
    control.kind = clock ? ControlKind::at_clock_time : ControlKind::at_time;
    const auto time = hours(line.at(5), size > 6 ? line.at(6) : "");
    if (!time) {
      error(ErrorCode::type, line, 5, fmt::format("{} is not a time", in_quotes(line.at(5))));
      return;
    }
    control.time_s = static_cast<std::int64_t>(3600.0 * *time);
    control.time_s %= clock ? kDay : INT64_MAX;
  } else {
    if (!is_node_word(line.at(4)) ||
        !enough(line, 8, "LINK link status IF NODE node ABOVE level")) {
      if (line.size() >= 8) {
        error(ErrorCode::type, line, 4, fmt::format("{} is not a condition", in_quotes(line.at(4))),
              "IF NODE, AT TIME or AT CLOCKTIME");
      }
      return;
    }
    control.node = find(line, 5, "node", nodes_);
    if (control.node == kNone) {
      return;
    }
    if (!begins(line.at(6), "ABOVE") && !begins(line.at(6), "BELOW")) {
      error(ErrorCode::type, line, 6, fmt::format("{} is not a comparison", in_quotes(line.at(6))),
            "ABOVE or BELOW");
      return;
    }
    control.kind = begins(line.at(6), "ABOVE") ? ControlKind::above : ControlKind::below;
    const bool storage = network_.fixed_head[control.node] != 0;
    control.head_m = network_.elevation_m[control.node] +
                     value(line, 7, "level") * (storage ? units_.length : units_.pressure);
  }
  model_.controls.push_back(control);
}

void Reader::read_rules() {
  Part part = Part::none;
  bool enabled = true;
  std::vector<hydraulics::Rule>& rules = model_.rules;
  const auto finish = [&]() {
    if (!enabled) {
      rules.pop_back();
    }
    enabled = true;
  };
  for (const Line& line : lines(Section::rules)) {
    const std::string& key = line.at(0);
    if (begins(key, "RULE")) {
      finish();
      rules.emplace_back();
      part = Part::rule;
    } else if (begins(key, "IF") && part == Part::rule) {
      part = Part::premises;
      read_premise(line, rules.back());
    } else if ((begins(key, "AND") || begins(key, "OR")) && part == Part::premises) {
      read_premise(line, rules.back());
    } else if (begins(key, "THEN") && part == Part::premises) {
      part = Part::then_actions;
      read_action(line, rules.back().then_actions);
    } else if (begins(key, "ELSE") && part == Part::then_actions) {
      part = Part::else_actions;
      read_action(line, rules.back().else_actions);
    } else if (begins(key, "AND") && part == Part::then_actions) {
      read_action(line, rules.back().then_actions);
    } else if (begins(key, "AND") && part == Part::else_actions) {
      read_action(line, rules.back().else_actions);
    } else if (begins(key, "PRIO") && (part == Part::then_actions || part == Part::else_actions)) {
      part = Part::priority;
      if (enough(line, 2, "PRIORITY value")) {
        rules.back().priority = value(line, 1, "priority");
      }
    } else if (begins(key, "DISABLED") && part >= Part::then_actions) {
      enabled = false;
    } else {
      error(ErrorCode::syntax, line, 0,
            fmt::format("{} is not expected here in a rule", in_quotes(key)),
            "RULE name, IF ..., AND/OR ..., THEN ..., ELSE ..., PRIORITY value");
      part = Part::none;
    }
  }
  finish();
}

void Reader::read_premise(const Line& line, hydraulics::Rule& rule) {
  if (!enough(line, 5, "IF object name quantity comparison value")) {
    return;
  }
  hydraulics::Premise premise;
  premise.or_previous = begins(line.at(0), "OR");
  const bool system = begins(line.at(1), "SYSTEM");
  const bool node = is_node_word(line.at(1));
  if (!system && !node && !is_link_word(line.at(1))) {
    error(ErrorCode::type, line, 1,
          fmt::format("{} is not an object of rules", in_quotes(line.at(1))),
          "NODE, JUNCTION, TANK, RESERVOIR, LINK, PIPE, PUMP, VALVE or SYSTEM");
    return;
  }
  const std::size_t word = system ? 2 : 3;
  const auto quantity = system ? quantity_of(kSystemQuantities, line.at(word))
                        : node ? quantity_of(kNodeQuantities, line.at(word))
                               : quantity_of(kLinkQuantities, line.at(word));
  if (!quantity) {
    error(
        ErrorCode::statement, line, word,
        fmt::format("{} of {} cannot be tested", in_quotes(line.at(word)), in_quotes(line.at(1))));
    return;
  }
  premise.quantity = *quantity;
  if (!system) {
    premise.index = node ? find(line, 2, "node", nodes_) : find(line, 2, "link", links_);
    if (premise.index == kNone) {
      return;
    }
  }
  const auto comparison = std::find_if(
      kComparisons.begin(), kComparisons.end(),
      [&](const ComparisonWord& candidate) { return begins(line.at(word + 1), candidate.word); });
  if (comparison == kComparisons.end()) {
    error(ErrorCode::type, line, word + 1,
          fmt::format("{} is not a comparison", in_quotes(line.at(word + 1))),
          "=, <>, <, >, <=, >=, IS, NOT, BELOW or ABOVE");
    return;
  }
  premise.comparison = comparison->comparison;
  if (word + 2 >= line.size()) {
    error(ErrorCode::missing, line, word + 1, "the condition has no value");
    return;
  }
  const std::string& last = line.words.back().text;
  if (*quantity == Quantity::time || *quantity == Quantity::clock_time) {
    const auto time = hours(line.at(word + 2), line.size() > word + 3 ? line.at(word + 3) : "");
    if (!time) {
      error(ErrorCode::type, line, word + 2,
            fmt::format("{} is not a time", in_quotes(line.at(word + 2))));
      return;
    }
    premise.value = *time * 3600.0;
  } else if (parse_status(last, premise.status)) {
    premise.quantity = Quantity::status;
  } else {
    double unit = 1.0;
    switch (*quantity) {
      case Quantity::total_demand:
      case Quantity::outflow:
      case Quantity::flow:
        unit = units_.flow;
        break;
      case Quantity::head:
        unit = units_.length;
        break;
      case Quantity::pressure:
        unit = begins(line.at(word), "LEVEL") ? units_.length : units_.pressure;
        break;
      case Quantity::setting:
        unit = setting_unit(network_.kind[premise.index]);
        break;
      case Quantity::fill_time:
      case Quantity::drain_time:
        unit = 3600.0;
        break;
      default:
        break;
    }
    premise.value = value(line, line.size() - 1, "value") * unit;
    const bool time = *quantity == Quantity::fill_time || *quantity == Quantity::drain_time;
    premise.tolerance = 1e-3 * (time ? 1.0 : unit);
  }
  rule.premises.push_back(premise);
}

void Reader::read_action(const Line& line, std::vector<hydraulics::Action>& actions) {
  if (!enough(line, 6, "THEN LINK link STATUS IS value")) {
    return;
  }
  hydraulics::Action action;
  action.link = find(line, 2, "link", links_);
  if (action.link == kNone) {
    return;
  }
  const LinkKind kind = network_.kind[action.link];
  if (kind == LinkKind::check_valve) {
    error(ErrorCode::contradiction, line, 2, "a check valve cannot be controlled");
    return;
  }
  if (parse_status(line.at(5), action.status)) {
    action.sets_status = action.status != LinkStatus::active;
  } else {
    const double setting = not_negative(line, 5, "setting");
    if (kind == LinkKind::pipe) {
      action.sets_status = true;
      action.status = setting == 0.0 ? LinkStatus::closed : LinkStatus::open;
    } else if (kind == LinkKind::curve_valve) {
      error(ErrorCode::contradiction, line, 5, "a GPV has no setting that could change",
            "OPEN or CLOSED");
    } else {
      action.setting = setting * setting_unit(kind);
    }
  }
  actions.push_back(action);
}

}  // namespace wintergrid::scenario::epanet
