// An overlay's text, taken apart.

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "engine/io/sha256.hpp"
#include "engine/io/suggest.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/scalar.hpp"

namespace wintergrid::scenario {
namespace {

constexpr std::string_view kBeginning = "an overlay begins with 'wintergrid_overlay: 1'";

const std::vector<std::string>& change_keys() {
  static const std::vector<std::string> keys{"table", "where",    "share", "copy",
                                             "set",   "multiply", "add"};
  return keys;
}

/// Texts of a scalar or of a list of scalars.
bool read_texts(const YamlNode& node, std::vector<std::string>& texts) {
  if (node.kind == YamlNode::Kind::scalar) {
    texts.push_back(node.text);
    return true;
  }
  if (node.kind != YamlNode::Kind::sequence || node.children.empty()) {
    return false;
  }
  for (const YamlNode& child : node.children) {
    if (child.kind != YamlNode::Kind::scalar) {
      return false;
    }
    texts.push_back(child.text);
  }
  return true;
}

class ChangeReader {
 public:
  ChangeReader(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  std::optional<RowChange> read(const YamlNode& node, const std::string& path) {
    const std::size_t errors_before = diagnostics_.error_count();
    if (node.kind != YamlNode::Kind::map) {
      problem(ErrorCode::type, node, fmt::format("'{}' is not a section with keys", path),
              fmt::format("keys: {}", join(change_keys())));
      return std::nullopt;
    }
    change_.place = place(node);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (node.keys[i].kind != YamlNode::Kind::rejected) {
        read_key(node.keys[i], node.children[i]);
      }
    }
    if (change_.table.empty() && diagnostics_.error_count() == errors_before) {
      problem(ErrorCode::missing, node, fmt::format("'{}' does not name a table", path),
              "write table: with a table or a list such as recovery.crews");
    }
    if (diagnostics_.error_count() != errors_before) {
      return std::nullopt;
    }
    return std::move(change_);
  }

 private:
  SourcePlace place(const YamlNode& node) const { return {file_, node.line, node.column}; }
  void problem(ErrorCode code, const YamlNode& node, std::string what, std::string hint) {
    diagnostics_.error(code, place(node), std::move(what), std::move(hint));
  }

  void read_key(const YamlNode& key, const YamlNode& value) {
    if (key.text == "table" && value.kind == YamlNode::Kind::scalar) {
      change_.table = value.text;
    } else if (key.text == "share") {
      const std::optional<double> share = number_of(value);
      if (!share || *share < 0.0 || *share > 1.0) {
        problem(ErrorCode::type, value, "'share' is not a number from 0 to 1",
                "leave it out for all rows");
      } else {
        change_.share = *share;
      }
    } else if (key.text == "where") {
      read_where(value);
    } else if (key.text == "set" || key.text == "copy") {
      read_values(key, value, false, key.text == "set" ? change_.set : change_.copy);
    } else if (key.text == "multiply" || key.text == "add") {
      read_values(key, value, true, key.text == "add" ? change_.add : change_.multiply);
    } else {
      problem(ErrorCode::unknown_name, key,
              fmt::format("unknown key {} in 'change'", in_quotes(key.text)),
              hint_for_unknown(key.text, change_keys(), "keys"));
    }
  }

  std::optional<double> number_of(const YamlNode& node) const {
    FieldInfo field;
    field.kind = FieldKind::number;
    ScalarError ignored;
    if (node.kind != YamlNode::Kind::scalar) {
      return std::nullopt;
    }
    ScalarContext context;
    context.quoted = node.quoted;
    const auto value = parse_scalar(field, false, node.text, context, ignored);
    return value ? std::optional<double>(std::get<double>(*value)) : std::nullopt;
  }

  void read_where(const YamlNode& map) {
    if (map.kind != YamlNode::Kind::map) {
      problem(ErrorCode::type, map, "'where' is not a section with columns",
              "write where: {kind: pump_station}");
      return;
    }
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      RowChange::Where where;
      where.column = map.keys[i].text;
      where.place = place(map.keys[i]);
      if (read_texts(map.children[i], where.any_of)) {
        change_.where.push_back(std::move(where));
      } else {
        problem(ErrorCode::missing, map.children[i],
                fmt::format("'{}' needs a value or a list of values", where.column), {});
      }
    }
  }

  void read_values(const YamlNode& key, const YamlNode& map, bool numbers,
                   std::vector<RowChange::Value>& values) {
    if (map.kind != YamlNode::Kind::map) {
      problem(ErrorCode::type, map, fmt::format("'{}' is not a section with columns", key.text),
              fmt::format("write {}: {{column: value}}", key.text));
      return;
    }
    for (std::size_t i = 0; i < map.children.size(); ++i) {
      const YamlNode& value = map.children[i];
      RowChange::Value read{map.keys[i].text, value.text, 0.0, place(value)};
      const std::optional<double> number = numbers ? number_of(value) : std::nullopt;
      read.number = number.value_or(0.0);
      if (value.kind != YamlNode::Kind::scalar || (numbers && !number)) {
        problem(ErrorCode::type, value,
                fmt::format("'{}' needs {}", read.column, numbers ? "a number" : "one value"), {});
      } else {
        values.push_back(std::move(read));
      }
    }
  }

  std::string file_;
  Diagnostics& diagnostics_;
  RowChange change_;
};

/// A text of the command line has no lines that a person could look up.
void forget_places(YamlNode& node) {
  node.line = node.column = 0;
  for (std::vector<YamlNode>* nodes : {&node.keys, &node.children}) {
    for (YamlNode& child : *nodes) {
      forget_places(child);
    }
  }
}

bool is_overlay(const YamlNode& root) {
  return root.kind == YamlNode::Kind::map && !root.keys.empty() &&
         root.keys.front().text == "wintergrid_overlay" && root.children.front().text == "1";
}

}  // namespace

std::optional<OverlaySource> overlay_of_setting(std::string_view setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == setting.size()) {
    return std::nullopt;
  }
  const std::string key(setting.substr(0, equals));
  const std::string value(setting.substr(equals + 1));
  OverlaySource source;
  source.file = "--set " + std::string(setting);
  std::string text = "wintergrid_overlay: 1\n";
  const std::vector<Field<Scenario>>& known = fields<Scenario>();
  const bool of_scenario =
      std::any_of(known.begin(), known.end(), [&](const auto& field) { return field.key == key; });
  if (!of_scenario) {
    source.text = text + fmt::format("set: {{\"{}\": {}}}\n", replaced(key, "\"", "\\\""), value);
    return source;
  }
  std::string indent;
  std::size_t begin = 0;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
    text += indent + key.substr(begin, dot - begin) + ":\n";
    indent += "  ";
    begin = dot + 1;
  }
  source.text = text + indent + key.substr(begin) + ": " + value + "\n";
  return source;
}

std::optional<OverlaySource> find_overlay(const std::string& given, Diagnostics& diagnostics) {
  std::error_code ignored;
  if (std::filesystem::exists(given, ignored)) {
    return OverlaySource{given, std::nullopt};
  }
  std::vector<std::string> known;
  for (const EmbeddedFile& file : bundled_overlays()) {
    const std::string_view stem = file.name.substr(0, file.name.rfind('.'));
    if (given == file.name || given == stem) {
      return OverlaySource{std::string(file.name), std::string(file.text)};
    }
    known.emplace_back(stem);
  }
  const std::string closest = io::did_you_mean(given, known);
  diagnostics.error(ErrorCode::reference, {},
                    fmt::format("there is no overlay {}", in_quotes(given)),
                    closest.empty() ? fmt::format("a file, or one of: {}", join(known)) : closest);
  return std::nullopt;
}

std::optional<OverlayContents> read_overlay_contents(const OverlaySource& source,
                                                     std::uint64_t largest_bytes,
                                                     Diagnostics& diagnostics) {
  std::optional<io::SourceText> text;
  if (source.text) {
    text = io::SourceText{source.file, *source.text, 0};
  } else {
    text = io::read_source(source.file, largest_bytes, SourcePlace{}, diagnostics);
  }
  if (!text) {
    return std::nullopt;
  }
  YamlNode root = parse_yaml(*text, kBeginning, diagnostics);
  if (root.kind == YamlNode::Kind::rejected) {
    return std::nullopt;
  }
  if (source.text) {
    forget_places(root);
  }
  if (!is_overlay(root)) {
    const bool empty = root.kind == YamlNode::Kind::null;
    diagnostics.error(empty ? ErrorCode::file : ErrorCode::syntax, {source.file, 1, 1},
                      empty ? "the file is empty" : "this is not an overlay",
                      std::string(kBeginning));
    return std::nullopt;
  }
  OverlayContents contents;
  contents.info.file = source.file;
  contents.sha256 = io::sha256_hex(text->bytes);
  contents.scenario_keys.kind = YamlNode::Kind::map;
  for (std::size_t i = 1; i < root.children.size(); ++i) {
    const YamlNode& key = root.keys[i];
    const YamlNode& value = root.children[i];
    const SourcePlace place{source.file, key.line, key.column};
    if (key.text == "name") {
      contents.info.name = value.text;
    } else if (key.text == "description") {
      contents.info.description = value.text;
    } else if (key.text == "tables" || key.text == "wintergrid") {
      diagnostics.error(ErrorCode::unknown_name, place,
                        fmt::format("'{}' cannot stand in an overlay", key.text),
                        "an overlay changes rows of tables with 'change'");
    } else if (key.text != "change") {
      contents.scenario_keys.keys.push_back(key);
      contents.scenario_keys.children.push_back(value);
    } else if (value.kind != YamlNode::Kind::sequence) {
      diagnostics.error(ErrorCode::type, place, "'change' is not a list",
                        "begin each item with '- '");
    } else {
      for (std::size_t item = 0; item < value.children.size(); ++item) {
        std::optional<RowChange> change =
            ChangeReader(source.file, diagnostics)
                .read(value.children[item], fmt::format("change[{}]", item));
        if (change) {
          contents.changes.push_back(std::move(*change));
        }
      }
    }
  }
  return contents;
}

}  // namespace wintergrid::scenario
