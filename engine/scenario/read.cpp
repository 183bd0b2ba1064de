// The YAML file and the tables it names to a Scenario, by the field table.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/io/sha256.hpp"
#include "engine/io/source_text.hpp"
#include "engine/scenario/assign.hpp"
#include "engine/scenario/fields.hpp"
#include "engine/scenario/known_keys.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/rules.hpp"
#include "engine/scenario/scalar.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/start_time.hpp"
#include "engine/scenario/table.hpp"
#include "engine/scenario/unknown.hpp"
#include "engine/scenario/weather_file.hpp"
#include "engine/scenario/yaml_tree.hpp"

namespace wintergrid::scenario {
namespace {

constexpr std::string_view kBeginning = "a scenario begins with 'wintergrid: 1'";

/// Table names are read like any other text of the file.
FieldInfo text_field(const std::string& key) {
  FieldInfo field;
  field.key = key;
  return field;
}

std::string kind_text(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "empty";
    case YamlNode::Kind::scalar:
      return "the text " + in_quotes(node.text);
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a section with keys";
    case YamlNode::Kind::rejected:
      break;
  }
  return "not usable";
}

class ScenarioReader {
 public:
  ScenarioReader(std::string path, const ReadLimits& limits, Diagnostics& diagnostics)
      : limits_(limits), diagnostics_(diagnostics) {
    scenario_.file = std::move(path);
    file_ = scenario_.file;
    scenario_.folder = std::filesystem::path(scenario_.file).parent_path().string();
  }

  Scenario read(const std::vector<OverlaySource>& overlays) {
    const std::optional<io::SourceText> source =
        io::read_source(scenario_.file, limits_.yaml_bytes, SourcePlace{}, diagnostics_);
    if (!source) {
      return std::move(scenario_);
    }
    digest_.update("scenario " + io::sha256_hex(source->bytes) + "\n");
    const YamlNode root = parse_yaml(*source, kBeginning, diagnostics_);
    if (root.kind == YamlNode::Kind::rejected) {
      return std::move(scenario_);
    }
    if (root.kind != YamlNode::Kind::map) {
      diagnostics_.error(
          root.kind == YamlNode::Kind::null ? ErrorCode::file : ErrorCode::type,
          {scenario_.file, root.line, root.column},
          root.kind == YamlNode::Kind::null
              ? "the file is empty"
              : fmt::format("the file is {}, not a section with keys", kind_text(root)),
          std::string(kBeginning));
      return std::move(scenario_);
    }
    read_section(root, "");
    check_required(scenario_, diagnostics_);
    for (const OverlaySource& overlay : overlays) {
      read_overlay(overlay);
    }
    file_ = scenario_.file;
    if (const std::optional<StartTime> start = parse_start(scenario_.start, ignored_)) {
      scenario_.start_year = start->year;
      scenario_.start_month = start->month;
      scenario_.start_day = start->day;
      scenario_.start_hour = start->hour;
    }
    check_scenario(scenario_, diagnostics_);
    read_tables();
    read_weather_file();
    scenario_.sha256 = digest_.hex();
    fill_unknown_and_change();
    return std::move(scenario_);
  }

 private:
  SourcePlace place(const YamlNode& node) const { return {file_, node.line, node.column}; }

  void read_overlay(const OverlaySource& overlay) {
    file_ = overlay.file;
    std::optional<OverlayContents> contents =
        read_overlay_contents(overlay, limits_.yaml_bytes, diagnostics_);
    if (!contents) {
      return;
    }
    digest_.update("overlay " + contents->sha256 + "\n");
    overlaying_ = true;
    read_section(contents->scenario_keys, "");
    overlaying_ = false;
    std::move(contents->changes.begin(), contents->changes.end(), std::back_inserter(changes_));
    scenario_.overlays.push_back(std::move(contents->info));
  }

  void report_unknown(const YamlNode& key, const std::string& section,
                      const std::vector<std::string>& known) {
    if (is_coordinate(key.text)) {
      diagnostics_.error(ErrorCode::private_data, place(key),
                         fmt::format("key {}: {}", in_quotes(key.text), kNoCoordinates),
                         std::string(kNoCoordinatesHint));
      return;
    }
    diagnostics_.error(ErrorCode::unknown_name, place(key),
                       section.empty()
                           ? fmt::format("unknown key {}", in_quotes(key.text))
                           : fmt::format("unknown key {} in '{}'", in_quotes(key.text), section),
                       known_.hint_for(key.text, known));
  }

  void report_wrong_kind(const YamlNode& node, const std::string& dotted, std::string_view wanted,
                         std::string hint) {
    if (node.kind == YamlNode::Kind::rejected) {
      return;
    }
    diagnostics_.error(
        ErrorCode::type, place(node),
        fmt::format("'{}' is {} (must be {})", last_part(dotted), kind_text(node), wanted),
        std::move(hint), dotted);
  }

  void read_section(const YamlNode& map, const std::string& section) {
    const std::vector<std::string> known = known_.below(section);
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      const YamlNode& key = map.keys[i];
      const YamlNode& value = map.children[i];
      if (key.kind == YamlNode::Kind::rejected) {
        continue;
      }
      if (std::find(known.begin(), known.end(), key.text) == known.end()) {
        report_unknown(key, section, known);
        continue;
      }
      const std::string dotted = section.empty() ? key.text : section + "." + key.text;
      // A section or list is found by its key, a single value by itself.
      scenario_.places[dotted] = place(value.kind == YamlNode::Kind::scalar ? value : key);
      if (dotted == "set") {
        read_set(value);
      } else if (section == "tables") {
        read_table_name(value, dotted);
      } else if (known_.is_section(dotted)) {
        if (value.kind == YamlNode::Kind::map) {
          read_section(value, dotted);
        } else {
          report_wrong_kind(value, dotted, "a section with keys",
                            fmt::format("keys: {}", join(known_.below(dotted))));
        }
      } else {
        read_field_or_list(value, dotted);
      }
    }
  }

  void read_field_or_list(const YamlNode& value, const std::string& dotted) {
    for (const Field<Scenario>& field : fields<Scenario>()) {
      if (field.key == dotted) {
        FieldInfo shown = field;
        shown.key = last_part(dotted);
        read_value(scenario_, field, shown, value, dotted);
        return;
      }
    }
    for_each_list([&](std::size_t index, auto member) {
      if (lists()[index].key == dotted) {
        read_items(value, dotted, scenario_.*member);
      }
    });
  }

  /// A single value, or a list of them, into its member.
  template <class Owner>
  void read_value(Owner& owner, const Field<Owner>& field, const FieldInfo& shown,
                  const YamlNode& value, const std::string& dotted) {
    if (!field.list) {
      read_scalar(owner, field, shown, value, dotted);
      return;
    }
    if (value.kind != YamlNode::Kind::sequence) {
      report_wrong_kind(value, dotted, "a list", fmt::format("write {}: [...]", shown.key));
      return;
    }
    if (field.list_length > 0 && value.children.size() != field.list_length) {
      diagnostics_.error(ErrorCode::type, place(value),
                         fmt::format("'{}' has {} values (must have {})", shown.key,
                                     value.children.size(), field.list_length),
                         {}, dotted);
      return;
    }
    if (overlaying_) {
      clear(owner, field);
    }
    for (std::size_t i = 0; i < value.children.size(); ++i) {
      const std::string item = fmt::format("{}[{}]", dotted, i);
      scenario_.places[item] = place(value.children[i]);
      read_scalar(owner, field, shown, value.children[i], item);
    }
  }

  template <class Owner>
  void read_scalar(Owner& owner, const Field<Owner>& field, const FieldInfo& shown,
                   const YamlNode& value, const std::string& dotted) {
    if (value.kind == YamlNode::Kind::null ||
        (value.kind == YamlNode::Kind::scalar && value.text.empty())) {
      diagnostics_.error(
          ErrorCode::missing, place(value), fmt::format("'{}' is empty", shown.key),
          field.required ? "give a value" : "give a value, or remove the key for the default",
          dotted);
      return;
    }
    if (value.kind != YamlNode::Kind::scalar) {
      report_wrong_kind(value, dotted, "one value", {});
      return;
    }
    ScalarError error;
    ScalarContext context;
    context.quoted = value.quoted;
    const std::optional<ScalarValue> parsed =
        parse_scalar(shown, is_unsigned_member(field), value.text, context, error);
    if (!parsed) {
      diagnostics_.error(error.code, place(value), std::move(error.problem), std::move(error.hint),
                         dotted);
      return;
    }
    assign(owner, field, *parsed);
  }

  template <class Item>
  void read_items(const YamlNode& list, const std::string& dotted, std::vector<Item>& items) {
    if (list.kind != YamlNode::Kind::sequence) {
      report_wrong_kind(list, dotted, "a list", "begin each item with '- '");
      return;
    }
    std::vector<std::string> known;
    known.reserve(fields<Item>().size());
    for (const Field<Item>& field : fields<Item>()) {
      known.push_back(field.key);
    }
    if (overlaying_) {
      items.clear();
    }
    std::map<std::string, std::size_t> line_of_name;
    for (std::size_t i = 0; i < list.children.size(); ++i) {
      const YamlNode& node = list.children[i];
      const std::string item_path = fmt::format("{}[{}]", dotted, i);
      if (node.kind != YamlNode::Kind::map) {
        report_wrong_kind(node, item_path, "a section with keys",
                          fmt::format("keys: {}", join(known)));
        continue;
      }
      const std::size_t errors_before = diagnostics_.error_count();
      Item item = read_item<Item>(node, item_path, known);
      const Field<Item>& first = fields<Item>().front();
      const std::string name =
          first.kind == FieldKind::key ? value_text(item, first) : std::string();
      if (!name.empty()) {
        const SourcePlace at = place_of(item, first.key);
        const auto [earlier, is_new] = line_of_name.emplace(name, at.line);
        if (!is_new) {
          diagnostics_.error(ErrorCode::twice, at,
                             fmt::format("{} {} is given twice (first on line {})", first.key,
                                         in_quotes(name), earlier->second),
                             "keep one of them", item_path);
        }
      }
      if (diagnostics_.error_count() == errors_before) {
        check_row(item, diagnostics_);
      }
      items.push_back(std::move(item));
    }
  }

  template <class Item>
  Item read_item(const YamlNode& map, const std::string& item_path,
                 const std::vector<std::string>& known) {
    const std::vector<Field<Item>>& all = fields<Item>();
    Item item;
    static_cast<SourcePlace&>(item.place) = place(map);
    item.place.values.resize(all.size());
    std::vector<bool> given(all.size(), false);
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      const YamlNode& key = map.keys[i];
      const YamlNode& value = map.children[i];
      const auto index =
          static_cast<std::size_t>(std::find(known.begin(), known.end(), key.text) - known.begin());
      if (key.kind == YamlNode::Kind::rejected) {
        if (index < all.size()) {
          given[index] = true;
        }
        continue;
      }
      if (index == all.size()) {
        report_unknown(key, item_path, known);
        continue;
      }
      given[index] = true;
      item.place.values[index] = {static_cast<std::uint32_t>(value.line),
                                  static_cast<std::uint32_t>(value.column)};
      read_value(item, all[index], all[index], value, item_path + "." + key.text);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].required && !given[i]) {
        diagnostics_.error(ErrorCode::missing, place(map),
                           fmt::format("key '{}' is missing", all[i].key), description_of(all[i]),
                           item_path);
      }
    }
    return item;
  }

  void read_set(const YamlNode& map) {
    if (map.kind != YamlNode::Kind::map) {
      report_wrong_kind(map, "set", "a section of parameter names with numbers", {});
      return;
    }
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      const YamlNode& key = map.keys[i];
      if (key.kind == YamlNode::Kind::rejected) {
        continue;
      }
      Field<OverrideItem> field;
      field.key = key.text;
      field.kind = FieldKind::number;
      field.required = true;
      field.member = &OverrideItem::value;
      OverrideItem item;
      item.parameter = key.text;
      static_cast<SourcePlace&>(item.place) = place(key);
      read_scalar(item, field, field, map.children[i], "set." + key.text);
      std::erase_if(scenario_.parameters, [&](const OverrideItem& earlier) {
        return overlaying_ && earlier.parameter == item.parameter;
      });
      scenario_.parameters.push_back(std::move(item));
    }
  }

  void read_table_name(const YamlNode& value, const std::string& dotted) {
    const FieldInfo field = text_field(last_part(dotted));
    if (value.kind == YamlNode::Kind::null ||
        (value.kind == YamlNode::Kind::scalar && value.text.empty())) {
      diagnostics_.error(ErrorCode::missing, place(value), fmt::format("'{}' is empty", field.key),
                         "name a CSV file, or remove the key if the table is optional", dotted);
      return;
    }
    if (value.kind != YamlNode::Kind::scalar) {
      report_wrong_kind(value, dotted, "the name of a CSV file", {});
      return;
    }
    ScalarError error;
    if (parse_scalar(field, false, value.text, ScalarContext{}, error)) {
      table_files_[field.key] = value.text;
    } else {
      diagnostics_.error(error.code, place(value), std::move(error.problem), std::move(error.hint),
                         dotted);
    }
  }

  void read_tables() {
    for_each_table([&](std::size_t index, auto member) {
      const TableInfo& table = tables()[index];
      const auto file = table_files_.find(table.key);
      if (file == table_files_.end()) {
        return;
      }
      const std::string path = (std::filesystem::path(scenario_.folder) / file->second).string();
      const std::optional<io::SourceText> source = io::read_source(
          path, limits_.table_bytes, place_of(scenario_, "tables." + table.key), diagnostics_);
      if (!source) {
        return;
      }
      digest_.update(table.key + " " + io::sha256_hex(source->bytes) + "\n");
      using Row = typename std::remove_reference_t<decltype(scenario_.*member)>::value_type;
      scenario_.*member = read_table<Row>(*source, table, diagnostics_);
    });
  }

  void read_weather_file() {
    if (scenario_.weather_file.empty() || scenario_.horizon_days <= 0.0) {
      return;
    }
    const std::string path =
        (std::filesystem::path(scenario_.folder) / scenario_.weather_file).string();
    const std::optional<io::SourceText> source = io::read_source(
        path, limits_.table_bytes, place_of(scenario_, "weather.file"), diagnostics_);
    if (source) {
      digest_.update("weather " + io::sha256_hex(source->bytes) + "\n");
      scenario_.weather_c = read_weather(
          *source,
          {scenario_.start_year, scenario_.start_month, scenario_.start_day, scenario_.start_hour},
          static_cast<std::size_t>(std::ceil(24.0 * scenario_.horizon_days)), diagnostics_);
    }
  }

  void fill_unknown_and_change() {
    // Rows with errors are missing: who could lend a value is known only if there are none.
    const std::shared_ptr<const Unknowns> unknowns =
        diagnostics_.ok() ? Unknowns::find(scenario_, changes_, diagnostics_) : nullptr;
    if (!unknowns) {
      apply_changes(changes_, scenario_, diagnostics_);
    } else if (diagnostics_.ok()) {
      scenario_ = unknowns->typical(diagnostics_);
      scenario_.unknowns = unknowns;
    }
  }

  Scenario scenario_;
  std::string file_;         ///< that is being read
  bool overlaying_ = false;  ///< lists replace what was read before
  std::vector<RowChange> changes_;
  ReadLimits limits_;
  Diagnostics& diagnostics_;
  KnownKeys known_;
  std::map<std::string, std::string> table_files_;  ///< by key, as written
  io::Sha256 digest_;
  NoStart ignored_;
};

}  // namespace

Scenario read_scenario(const std::string& path, const ReadLimits& limits,
                       Diagnostics& diagnostics) {
  return ScenarioReader(path, limits, diagnostics).read({});
}

Scenario read_scenario(const std::string& path, const std::vector<OverlaySource>& overlays,
                       Diagnostics& diagnostics) {
  return ScenarioReader(path, ReadLimits{}, diagnostics).read(overlays);
}

Scenario read_scenario(const std::string& path, Diagnostics& diagnostics) {
  return read_scenario(path, ReadLimits{}, diagnostics);
}

}  // namespace wintergrid::scenario
