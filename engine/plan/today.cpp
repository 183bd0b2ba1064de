#include "engine/plan/today.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "engine/io/sha256.hpp"
#include "engine/plan/today_fields.hpp"
#include "engine/scenario/assign.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/scalar.hpp"
#include "engine/scenario/start_time.hpp"
#include "engine/scenario/yaml_tree.hpp"

namespace wintergrid::plan {
namespace {

using scenario::Field;
using scenario::YamlNode;

constexpr std::string_view kBeginning = "the file begins with 'wintergrid_today: 1'";
constexpr std::int64_t kMostHoursSince = 72;
constexpr std::int64_t kMostHoursAhead = 60 * 24;

class TodayReader {
 public:
  TodayReader(const io::SourceText& source, Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  Today read() {
    today_.file = source_.path;
    today_.sha256 = io::sha256_hex(source_.bytes);
    const YamlNode root = scenario::parse_yaml(source_, kBeginning, diagnostics_);
    if (root.kind == YamlNode::Kind::rejected) {
      return std::move(today_);
    }
    if (root.kind != YamlNode::Kind::map) {
      const bool empty = root.kind == YamlNode::Kind::null;
      problem(empty ? ErrorCode::file : ErrorCode::type, root,
              empty ? "the file is empty" : "the file is not a section with keys",
              std::string(kBeginning));
      return std::move(today_);
    }
    today_.values.place.values.resize(today_fields<TodayValues>().size());
    static_cast<SourcePlace&>(today_.values.place) = place(root);
    read_section(root, "");
    for (const Field<TodayValues>& field : today_fields<TodayValues>()) {
      if (field.required && !given(field.key)) {
        problem(ErrorCode::missing, root, fmt::format("key '{}' is missing", field.key), field.doc);
      }
    }
    if (diagnostics_.ok()) {
      check();
    }
    return std::move(today_);
  }

 private:
  SourcePlace place(const YamlNode& node) const { return {source_.path, node.line, node.column}; }
  void problem(ErrorCode code, const YamlNode& node, std::string what, std::string hint) {
    diagnostics_.error(code, place(node), std::move(what), std::move(hint));
  }
  bool given(const std::string& key) const {
    return std::find(given_.begin(), given_.end(), key) != given_.end();
  }

  /// Keys directly below a section, in the order of documentation.
  static std::vector<std::string> known_below(const std::string& section) {
    std::vector<std::string> known;
    const auto add = [&](const std::string& dotted) {
      const std::string prefix = section.empty() ? "" : section + ".";
      if (dotted.compare(0, prefix.size(), prefix) != 0) {
        return;
      }
      const std::string rest = dotted.substr(prefix.size());
      const std::string key = rest.substr(0, rest.find('.'));
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        known.push_back(key);
      }
    };
    for (const Field<TodayValues>& field : today_fields<TodayValues>()) {
      add(field.key);
    }
    for (const TodayList& list : today_lists()) {
      add(list.key);
    }
    return known;
  }

  void read_section(const YamlNode& map, const std::string& section) {
    const std::vector<std::string> known = known_below(section);
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      const YamlNode& key = map.keys[i];
      const YamlNode& value = map.children[i];
      if (key.kind == YamlNode::Kind::rejected) {
        continue;
      }
      if (std::find(known.begin(), known.end(), key.text) == known.end()) {
        problem(ErrorCode::unknown_name, key,
                fmt::format("unknown key {}", scenario::in_quotes(key.text)),
                scenario::hint_for_unknown(key.text, known, "keys"));
        continue;
      }
      const std::string dotted = section.empty() ? key.text : section + "." + key.text;
      given_.push_back(dotted);
      if (!read_value_of(today_.values, dotted, value, dotted) && !read_list(dotted, value)) {
        if (value.kind == YamlNode::Kind::map) {
          read_section(value, dotted);
        } else if (value.kind != YamlNode::Kind::rejected) {
          problem(ErrorCode::type, value, fmt::format("'{}' must be a section with keys", dotted),
                  fmt::format("keys: {}", scenario::join(known_below(dotted))));
        }
      }
    }
  }

  bool read_list(const std::string& dotted, const YamlNode& value) {
    bool found = false;
    for_each_today_list([&](std::size_t index, auto member) {
      if (today_lists()[index].key == dotted) {
        found = true;
        read_items(value, dotted, today_.*member);
      }
    });
    return found;
  }

  /// False if the owner has no such field.
  template <class Owner>
  bool read_value_of(Owner& owner, const std::string& key, const YamlNode& value,
                     const std::string& path) {
    const std::vector<Field<Owner>>& all = today_fields<Owner>();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].key != key) {
        continue;
      }
      owner.place.values[i] = {static_cast<std::uint32_t>(value.line),
                               static_cast<std::uint32_t>(value.column)};
      if (!all[i].list) {
        read_scalar(owner, all[i], value, path);
      } else if (value.kind != YamlNode::Kind::sequence) {
        problem(ErrorCode::type, value, fmt::format("'{}' must be a list", key),
                fmt::format("write {}: [...]", key));
      } else {
        for (std::size_t c = 0; c < value.children.size(); ++c) {
          read_scalar(owner, all[i], value.children[c], fmt::format("{}[{}]", path, c));
        }
      }
      return true;
    }
    return false;
  }

  template <class Owner>
  void read_scalar(Owner& owner, const Field<Owner>& field, const YamlNode& value,
                   const std::string& path) {
    if (value.kind == YamlNode::Kind::rejected) {
      return;
    }
    if (value.kind != YamlNode::Kind::scalar || value.text.empty()) {
      diagnostics_.error(ErrorCode::type, place(value),
                         fmt::format("'{}' must be one value", field.key), field.doc, path);
      return;
    }
    scenario::ScalarError error;
    scenario::ScalarContext context;
    context.quoted = value.quoted;
    const std::optional<scenario::ScalarValue> parsed = scenario::parse_scalar(
        field, scenario::is_unsigned_member(field), value.text, context, error);
    if (!parsed) {
      diagnostics_.error(error.code, place(value), std::move(error.problem), std::move(error.hint),
                         path);
      return;
    }
    scenario::assign(owner, field, *parsed);
  }

  template <class Item>
  void read_items(const YamlNode& list, const std::string& dotted, std::vector<Item>& items) {
    std::vector<std::string> known;
    for (const Field<Item>& field : today_fields<Item>()) {
      known.push_back(field.key);
    }
    if (list.kind != YamlNode::Kind::sequence) {
      if (list.kind != YamlNode::Kind::rejected) {
        problem(ErrorCode::type, list, fmt::format("'{}' must be a list", dotted),
                "begin each item with '- '");
      }
      return;
    }
    for (std::size_t i = 0; i < list.children.size(); ++i) {
      const YamlNode& node = list.children[i];
      const std::string path = fmt::format("{}[{}]", dotted, i);
      if (node.kind != YamlNode::Kind::map) {
        if (node.kind != YamlNode::Kind::rejected) {
          problem(ErrorCode::type, node, fmt::format("'{}' must be a section with keys", path),
                  fmt::format("keys: {}", scenario::join(known)));
        }
        continue;
      }
      items.push_back(read_item<Item>(node, path, known));
    }
  }

  template <class Item>
  Item read_item(const YamlNode& map, const std::string& path,
                 const std::vector<std::string>& known) {
    Item item;
    static_cast<SourcePlace&>(item.place) = place(map);
    item.place.values.resize(known.size());
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      const YamlNode& key = map.keys[i];
      if (key.kind != YamlNode::Kind::rejected &&
          !read_value_of(item, key.text, map.children[i], path + "." + key.text)) {
        problem(ErrorCode::unknown_name, key,
                fmt::format("unknown key {} in '{}'", scenario::in_quotes(key.text), path),
                scenario::hint_for_unknown(key.text, known, "keys"));
      }
    }
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (today_fields<Item>()[i].required && item.place.values[i].line == 0) {
        diagnostics_.error(ErrorCode::missing, place(map),
                           fmt::format("key '{}' is missing", known[i]),
                           today_fields<Item>()[i].doc, path);
      }
    }
    return item;
  }

  /// What the values say together.
  void check() {
    for (const DamagedItem& item : today_.damaged) {
      if (!item.since.empty()) {
        check_hours(item, "since", item.since, -kMostHoursSince, 0,
                    "damage is at most 72 h old, on the hour");
      }
      if (item.temporary_hours == 0.0 && item.permanent_hours == 0.0) {
        diagnostics_.error(ErrorCode::range, place_in(item, "permanent_hours"),
                           "a repair of 0 hours is none", "give one of the two times, or neither");
      }
    }
    for (const UnderWayItem& item : today_.under_way) {
      check_hours(item, "returns", item.returns, 1, kMostHoursAhead, "it lies after the moment");
    }
    for (const AwayItem& item : today_.crews_away) {
      check_hours(item, "returns", item.returns, 1, kMostHoursAhead, "it lies after the moment");
    }
    for (const CountItem& item : today_.counts) {
      if (item.of > 0 && item.off > item.of) {
        diagnostics_.error(ErrorCode::contradiction, place_in(item, "off"),
                           fmt::format("{} of {} are off", item.off, item.of),
                           "no more than there are");
      }
    }
    for (const ForecastDay& day : today_.forecast_days) {
      if (day.minimum_c > day.maximum_c) {
        diagnostics_.error(ErrorCode::contradiction, place_in(day, "minimum_c"),
                           fmt::format("the lowest temperature {} is above the highest {}",
                                       day.minimum_c, day.maximum_c),
                           "exchange them");
      }
    }
    if (!today_.forecast_days.empty() && !today_.values.hourly_c.empty()) {
      diagnostics_.error(ErrorCode::contradiction, place_in(today_.values, "forecast.hourly_c"),
                         "the forecast is given by hour and by day", "give one of the two");
    }
    no_second(today_.crews, "type", &CrewsNow::type);
    no_second(today_.spares, "spare", &SpareNow::spare);
    no_second(today_.tanks, "tank", &TankItem::tank);
    no_second(today_.fuel, "facility", &FuelItem::facility);
    no_second(today_.indoor, "zone", &IndoorItem::zone);
    no_second(today_.drained, "zone", &DrainedItem::zone);
    const TodayValues& weights = today_.values;
    if (weights.weight_power + weights.weight_heat + weights.weight_water +
            weights.weight_degree_hours ==
        0.0) {
      diagnostics_.error(ErrorCode::range, place_in(weights, "objective.power"),
                         "all weights are 0",
                         "then no order is better than another: give one of them");
    }
    const bool none_off = std::all_of(today_.counts.begin(), today_.counts.end(),
                                      [](const CountItem& item) { return item.off == 0; });
    if (today_.damaged.empty() && none_off) {
      diagnostics_.error(ErrorCode::missing, {today_.file, 1, 1},
                         "nothing is damaged: there is nothing to plan",
                         "list components under damaged, or what is off under counts");
    }
  }

  /// What is said of one thing is said once: of two values none would be the right one.
  template <class Item>
  void no_second(const std::vector<Item>& items, const char* key, std::string Item::* name) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (std::size_t before = 0; before < i; ++before) {
        if (items[before].*name == items[i].*name) {
          diagnostics_.error(ErrorCode::twice, place_in(items[i], key),
                             fmt::format("{} '{}' stands here a second time", key, items[i].*name),
                             "keep one of them");
          break;
        }
      }
    }
  }

  template <class Item>
  void check_hours(const Item& item, const char* key, const std::string& time, std::int64_t least,
                   std::int64_t most, const char* hint) {
    const std::int64_t hours = hours_between(today_.values.moment, time);
    if (hours < least || hours > most) {
      diagnostics_.error(ErrorCode::range, place_in(item, key),
                         fmt::format("'{}' is {} h from the moment", key, hours), hint);
    }
  }

  const io::SourceText& source_;
  Diagnostics& diagnostics_;
  Today today_;
  std::vector<std::string> given_;
};

}  // namespace

Today read_today(const io::SourceText& source, Diagnostics& diagnostics) {
  return TodayReader(source, diagnostics).read();
}

std::int64_t hours_between(const std::string& from, const std::string& to) {
  // Civil time less its offset from UTC; both texts have been parsed before.
  const auto minutes = [](const std::string& text) {
    scenario::NoStart why;
    const scenario::StartTime time = scenario::parse_start(text, why).value();
    const auto day = std::chrono::sys_days{std::chrono::year{time.year} /
                                           std::chrono::month{static_cast<unsigned>(time.month)} /
                                           std::chrono::day{static_cast<unsigned>(time.day)}};
    std::int64_t offset = 0;
    if (text.back() != 'Z') {
      const auto digit = [&](std::size_t from_end) {
        return std::int64_t{text[text.size() - from_end] - '0'};
      };
      offset = (digit(5) * 10 + digit(4)) * 60 + digit(2) * 10 + digit(1);
      offset = text[text.size() - 6] == '-' ? -offset : offset;
    }
    return (std::int64_t{24} * day.time_since_epoch().count() + time.hour) * 60 - offset;
  };
  return (minutes(to) - minutes(from)) / 60;
}

}  // namespace wintergrid::plan
