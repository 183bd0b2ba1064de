#include "engine/scenario/write.hpp"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>

#include "engine/scenario/fields.hpp"
#include "engine/scenario/table.hpp"

namespace wintergrid::scenario {
namespace {

std::string quoted_text(const std::string& text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '\n') {
      result += "\\n";
    } else if (character == '\t') {
      result += "\\t";
    } else {
      if (character == '"' || character == '\\') {
        result += '\\';
      }
      result += character;
    }
  }
  return result + '"';
}

template <class Value>
std::string yaml_value(const Value& value) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return quoted_text(value);
  } else if constexpr (std::is_same_v<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<Value>) {
    return fmt::format("{}", value);
  } else {
    std::string joined;
    for (const auto& item : value) {
      joined += (joined.empty() ? "" : ", ") + yaml_value(item);
    }
    return "[" + joined + "]";
  }
}

/// The value as YAML; empty where it is the default and may be left out.
template <class Owner>
std::string yaml_of(const Owner& owner, const Field<Owner>& field) {
  if (!field.required && value_text(owner, field) == default_text(field)) {
    return {};
  }
  if (field.kind == FieldKind::choice && !field.list) {
    return value_text(owner, field);
  }
  return std::visit([&](auto member) { return yaml_value(owner.*member); }, field.member);
}

template <class Item>
std::string items_text(const std::vector<Item>& items, const std::string& indent) {
  std::string text;
  for (const Item& item : items) {
    std::string members;
    for (const Field<Item>& field : fields<Item>()) {
      if (const std::string value = yaml_of(item, field); !value.empty()) {
        members += (members.empty() ? "" : ", ") + fmt::format("{}: {}", field.key, value);
      }
    }
    text += fmt::format("{}- {{{}}}\n", indent, members);
  }
  return text;
}

/// Collects "key: value" lines under their sections, in the order of the field table.
class YamlWriter {
 public:
  /// `value` begins with a line feed if it is a block of its own.
  void add(const std::string& dotted, const std::string& value) {
    std::size_t start = 0;
    std::size_t depth = 0;
    for (std::size_t dot = dotted.find('.'); dot != std::string::npos;
         dot = dotted.find('.', start)) {
      const std::string section = dotted.substr(0, dot);
      if (open_.size() <= depth || open_[depth] != section) {
        open_.resize(depth);
        text_ += indent(depth) + dotted.substr(start, dot - start) + ":\n";
        open_.push_back(section);
      }
      start = dot + 1;
      ++depth;
    }
    open_.resize(depth);
    text_ += indent(depth) + dotted.substr(start) + ":" +
             (value.starts_with('\n') ? value : " " + value + "\n");
  }
  static std::string indent(std::size_t depth) { return std::string(2 * depth, ' '); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> open_;
};

bool is_written(const TableInfo& table, std::size_t row_count) {
  return table.required || row_count > 0;
}

std::string section_of(const std::string& dotted) { return dotted.substr(0, dotted.find('.')); }

void write_lists(const Scenario& scenario, const std::string& section, YamlWriter& writer) {
  for_each_list([&](std::size_t index, auto member) {
    const ListInfo& list = lists()[index];
    if (section_of(list.key) == section && !(scenario.*member).empty()) {
      const auto depth =
          static_cast<std::size_t>(std::count(list.key.begin(), list.key.end(), '.')) + 1;
      writer.add(list.key, "\n" + items_text(scenario.*member, YamlWriter::indent(depth)));
    }
  });
}

}  // namespace

std::string to_yaml(const Scenario& scenario) {
  YamlWriter writer;
  // A section may be opened once: its single values and its lists are written together.
  std::vector<std::string> sections;
  for (const Field<Scenario>& field : fields<Scenario>()) {
    if (sections.empty() || sections.back() != section_of(field.key)) {
      sections.push_back(section_of(field.key));
    }
  }
  bool tables_written = false;
  for (const std::string& section : sections) {
    for (const Field<Scenario>& field : fields<Scenario>()) {
      if (section_of(field.key) != section) {
        continue;
      }
      if (!tables_written && field.key.find('.') != std::string::npos) {
        tables_written = true;
        for_each_table([&](std::size_t index, auto member) {
          if (is_written(tables()[index], (scenario.*member).size())) {
            writer.add("tables." + tables()[index].key, tables()[index].key + ".csv");
          }
        });
      }
      if (const std::string value = yaml_of(scenario, field); !value.empty()) {
        writer.add(field.key, value);
      }
    }
    write_lists(scenario, section, writer);
  }
  for_each_list([&](std::size_t index, auto) {
    const std::string section = section_of(lists()[index].key);
    if (std::find(sections.begin(), sections.end(), section) == sections.end()) {
      sections.push_back(section);
      write_lists(scenario, section, writer);
    }
  });
  if (!scenario.parameters.empty()) {
    std::string overrides = "\n";
    for (const OverrideItem& item : scenario.parameters) {
      overrides += fmt::format("  {}: {}\n", quoted_text(item.parameter), item.value);
    }
    writer.add("set", overrides);
  }
  return writer.text();
}

std::vector<NamedText> to_files(const Scenario& scenario) {
  std::vector<NamedText> files;
  files.push_back({"scenario.yaml", to_yaml(scenario)});
  for_each_table([&](std::size_t index, auto member) {
    if (is_written(tables()[index], (scenario.*member).size())) {
      files.push_back({tables()[index].key + ".csv", to_csv(scenario.*member)});
    }
  });
  return files;
}

}  // namespace wintergrid::scenario
