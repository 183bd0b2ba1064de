// The reference page.
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/scenario/fields.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/schema.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::scenario {
namespace {

std::string range_text(const FieldInfo& field) {
  if (!std::isfinite(field.minimum) && !std::isfinite(field.maximum)) {
    return {};
  }
  if (field.minimum == field.maximum) {
    return fmt::format("{}", field.minimum);
  }
  const std::string above = field.minimum_excluded ? "above " : "";
  return fmt::format("{}{} to {}", above, field.minimum, limit_text(field.maximum));
}

std::string type_text(const FieldInfo& field) {
  std::string type;
  switch (field.kind) {
    case FieldKind::key:
      type = "name, unique";
      break;
    case FieldKind::reference:
      type = field.refers_to.empty() ? "name" : "name in " + field.refers_to;
      break;
    case FieldKind::text:
      type = "text";
      break;
    case FieldKind::choice:
      type = "choice";
      break;
    case FieldKind::number:
      type = "number";
      break;
    case FieldKind::integer:
      type = "whole number";
      break;
    case FieldKind::boolean:
      type = "true or false";
      break;
    case FieldKind::timestamp:
      type = "date and time";
      break;
  }
  if (!field.choices.empty()) {
    type.clear();
    for (const std::string& name : field.choices) {
      type += (type.empty() ? "" : ", ") + ("`" + name + "`");
    }
  }
  if (field.list) {
    type = (field.list_length > 0 ? fmt::format("list of {}: ", field.list_length)
                                  : std::string("list of: ")) +
           type;
  }
  return type;
}

template <class Owner>
std::string rows_of(const std::vector<Field<Owner>>& all, const std::string& prefix) {
  std::string page =
      "| key | type | unit | range | default | meaning |\n|---|---|---|---|---|---|\n";
  for (const Field<Owner>& field : all) {
    const std::string shown = default_text(field);
    page += fmt::format("| `{}{}` | {} | {} | {} | {} | {} |\n", prefix, field.key,
                        type_text(field), field.unit, range_text(field),
                        field.required  ? "**required**"
                        : shown.empty() ? ""
                                        : "`" + shown + "`",
                        field.doc);
  }
  return page + "\n";
}

std::string unknown_text(const std::string& table) {
  const UnknownRule& rule = unknown_rule(table);
  if (rule.columns.empty()) {
    return {};
  }
  std::vector<std::string> alike = rule.alike;
  for (const std::string& given : rule.given) {
    alike.push_back("whether there is any " + given);
  }
  return fmt::format(
      "May be `unknown`: {}. Drawn from rows {}{}.\n\n", join(rule.columns),
      alike.empty() ? "of the whole table" : fmt::format("that are alike in {}", join(alike)),
      rule.weight.empty() ? std::string() : ", weighted by " + rule.weight);
}

constexpr const char* kOpening =
    "# Scenario reference\n"
    "\n"
    "Generated from the field table of the reader (`wintergrid schema --markdown`); do not edit.\n"
    "\n"
    "A scenario is a YAML file that names CSV tables. Units are part of the names. Unknown and "
    "repeated keys and columns are\n"
    "errors, as are anchors, aliases, tags, merge keys, a second document, geographic coordinates, "
    "numbers that are not\n"
    "decimal and finite, and booleans other than `true` and `false`.\n"
    "\n"
    "Tables are UTF-8 (with or without a byte order mark). Cells are separated by commas, "
    "semicolons or tabs, quoted as in\n"
    "RFC 4180; blank lines and lines that begin with `#` are skipped. With semicolons or tabs the "
    "decimal mark may be a comma,\n"
    "the same in the whole file. Columns may stand in any order; an optional column may be left "
    "out, and an empty cell is the\n"
    "default.\n"
    "\n"
    "A cell that nobody knows may hold the word `unknown`, in the columns named below each table. "
    "Its value is drawn, once for\n"
    "every draw of the parameters (with `parameters: fixed`, for every winter), from the rows that "
    "know it: all unknown cells of\n"
    "a row from one other row, alike as stated below the table as far as the row itself is known, "
    "and fitting the rest of it;\n"
    "else from any row of the table; else each cell for itself; else the default is taken, with a "
    "warning. An empty cell is known:\n"
    "it is the default. What is laid on top (overlays, `--set`) changes the drawn tables, not who "
    "lends values.\n"
    "\n";

}  // namespace

std::string reference_markdown() {
  std::string page = kOpening;
  page += "## Keys of the YAML file\n\n" + rows_of(fields<Scenario>(), "");
  page +=
      fmt::format("`set`: {} For example `set: {{power.cold_load_pickup_hours: 4}}`.\n\n", kSetDoc);
  page += fmt::format("{}\n\n", kOverlayDoc);
  page += fmt::format("`tables`: {}\n\n| key | needed | rows |\n|---|---|---|\n", kTablesDoc);
  for (const TableInfo& table : tables()) {
    page += fmt::format("| `tables.{}` | {} | {} |\n", table.key,
                        table.required ? "**required**" : "optional", table.doc);
  }
  page += "\n## Lists of the YAML file\n\n";
  for_each_list([&](std::size_t index, auto member) {
    const ListInfo& list = lists()[index];
    page += fmt::format("### `{}`\n\n{}\n\n", list.key, list.doc);
    const auto& items = Scenario{}.*member;
    using Item = typename std::decay_t<decltype(items)>::value_type;
    page += rows_of(fields<Item>(), "");
  });
  page += "## Columns of the tables\n\n";
  for_each_table([&](std::size_t index, auto member) {
    const TableInfo& table = tables()[index];
    page += fmt::format("### `{}`\n\n{}\n\n", table.key, table.doc);
    const auto& rows = Scenario{}.*member;
    using Row = typename std::decay_t<decltype(rows)>::value_type;
    page += rows_of(fields<Row>(), "");
    page += unknown_text(table.key);
  });
  page.pop_back();  // one line feed at the end
  return page;
}

}  // namespace wintergrid::scenario
