#include "engine/scenario/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "engine/scenario/assign.hpp"
#include "engine/scenario/known_keys.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/rules.hpp"
#include "engine/scenario/scalar.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {
namespace {

template <class Row>
const Field<Row>* find_field(const std::string& key) {
  for (const Field<Row>& field : fields<Row>()) {
    if (field.key == key && !field.list) {
      return &field;
    }
  }
  return nullptr;
}

/// Applies one change to the rows of one table or list.
template <class Row>
class Changer {
 public:
  Changer(const RowChange& change, Diagnostics& diagnostics)
      : change_(change), diagnostics_(diagnostics) {}

  void apply(std::vector<Row>& rows) {
    const std::size_t errors_before = diagnostics_.error_count();
    check_columns();
    if (diagnostics_.error_count() != errors_before) {
      return;
    }
    std::vector<std::size_t> chosen = fitting(rows);
    if (chosen.empty()) {
      diagnostics_.warning(ErrorCode::reference, change_.place,
                           fmt::format("no row of '{}' fits this change", change_.table),
                           "nothing was changed: compare 'where' with the table");
      return;
    }
    if (change_.share < 1.0) {
      keep_share(rows, chosen);
    }
    for (const std::size_t row : chosen) {
      if (!alter(rows[row])) {
        return;  // one message for a change, not one for each row
      }
    }
  }

 private:
  void check_columns() {
    const auto check = [&](const std::string& column, bool number, const SourcePlace& place) {
      const Field<Row>* field = find_field<Row>(column);
      if (field == nullptr) {
        std::vector<std::string> known;
        for (const Field<Row>& one : fields<Row>()) {
          known.push_back(one.key);
        }
        diagnostics_.error(ErrorCode::unknown_name, place,
                           fmt::format("'{}' has no column {}", change_.table, in_quotes(column)),
                           hint_for_unknown(column, known, "columns"));
      } else if (number && field->kind != FieldKind::number && field->kind != FieldKind::integer) {
        diagnostics_.error(ErrorCode::type, place, fmt::format("'{}' is not a number", column),
                           "only numbers are multiplied and added to");
      }
    };
    for (const RowChange::Where& where : change_.where) {
      check(where.column, false, where.place);
    }
    for (const RowChange::Value& value : change_.set) {
      check(value.column, false, value.place);
    }
    for (const RowChange::Value& value : change_.copy) {
      check(value.column, false, value.place);
      check(value.text, false, value.place);
    }
    for (const auto* list : {&change_.multiply, &change_.add}) {
      for (const RowChange::Value& value : *list) {
        check(value.column, true, value.place);
      }
    }
  }

  std::vector<std::size_t> fitting(const std::vector<Row>& rows) const {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool all = std::all_of(
          change_.where.begin(), change_.where.end(), [&](const RowChange::Where& where) {
            const std::string text = value_text(rows[i], *find_field<Row>(where.column));
            return std::any_of(where.any_of.begin(), where.any_of.end(),
                               [&](const std::string& pattern) { return fits(text, pattern); });
          });
      if (all) {
        chosen.push_back(i);
      }
    }
    return chosen;
  }

  /// The rows of least hash; ties by place.
  void keep_share(const std::vector<Row>& rows, std::vector<std::size_t>& chosen) const {
    const Field<Row>& first = fields<Row>().front();
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (const std::size_t row : chosen) {
      const std::string name =
          first.kind == FieldKind::key ? value_text(rows[row], first) : fmt::format("{}", row);
      order.emplace_back(name_hash("overlay/" + change_.table + "/" + name), row);
    }
    std::sort(order.begin(), order.end());
    const auto count =
        static_cast<std::size_t>(std::llround(change_.share * static_cast<double>(order.size())));
    chosen.clear();
    for (std::size_t i = 0; i < count; ++i) {
      chosen.push_back(order[i].second);
    }
    std::sort(chosen.begin(), chosen.end());
  }

  bool alter(Row& row) {
    Row changed = row;
    for (const RowChange::Value& value : change_.copy) {
      if (!write(changed, value.column, value_text(row, *find_field<Row>(value.text)),
                 value.place)) {
        return false;
      }
    }
    for (const RowChange::Value& value : change_.set) {
      if (!write(changed, value.column, value.text, value.place)) {
        return false;
      }
    }
    for (const RowChange::Value& value : change_.multiply) {
      if (!write_number(changed, value, number_in(changed, value.column) * value.number)) {
        return false;
      }
    }
    for (const RowChange::Value& value : change_.add) {
      if (!write_number(changed, value, number_in(changed, value.column) + value.number)) {
        return false;
      }
    }
    const std::size_t errors_before = diagnostics_.error_count();
    static_cast<SourcePlace&>(changed.place) = change_.place;
    check_row(changed, diagnostics_);
    static_cast<SourcePlace&>(changed.place) = static_cast<const SourcePlace&>(row.place);
    row = std::move(changed);
    return diagnostics_.error_count() == errors_before;
  }

  /// Of a number column; not given counts as not a number.
  double number_in(const Row& row, const std::string& column) const {
    return std::visit(
        [&](auto member) -> double {
          using Value = std::remove_cvref_t<decltype(row.*member)>;
          if constexpr (std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>) {
            return static_cast<double>(row.*member);
          } else {
            return std::nan("");
          }
        },
        find_field<Row>(column)->member);
  }

  bool write_number(Row& row, const RowChange::Value& value, double number) {
    if (std::isnan(number)) {
      return true;  // nothing is given in this row: it stays typical
    }
    const bool whole = find_field<Row>(value.column)->kind == FieldKind::integer;
    return write(row, value.column,
                 whole ? fmt::format("{}", std::llround(number)) : fmt::format("{}", number),
                 value.place);
  }

  bool write(Row& row, const std::string& column, const std::string& text,
             const SourcePlace& place) {
    const Field<Row>& field = *find_field<Row>(column);
    ScalarError error;
    const std::optional<ScalarValue> value =
        parse_scalar(field, is_unsigned_member(field), text, ScalarContext{}, error);
    if (!value) {
      diagnostics_.error(error.code, place, std::move(error.problem), std::move(error.hint));
      return false;
    }
    assign(row, field, *value);
    return true;
  }

  const RowChange& change_;
  Diagnostics& diagnostics_;
};

}  // namespace

bool fits(std::string_view text, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return text == pattern;
  }
  if (!text.starts_with(pattern.substr(0, star))) {
    return false;
  }
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t skip = star; skip <= text.size(); ++skip) {
    if (fits(text.substr(skip), rest)) {
      return true;
    }
  }
  return false;
}

void apply_changes(const std::vector<RowChange>& changes, Scenario& scenario,
                   Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const TableInfo& table : tables()) {
    known.push_back(table.key);
  }
  for (const ListInfo& list : lists()) {
    known.push_back(list.key);
  }
  for (const RowChange& change : changes) {
    bool found = false;
    const auto apply = [&](const std::string& key, auto member) {
      if (key == change.table) {
        using Row = typename std::remove_reference_t<decltype(scenario.*member)>::value_type;
        Changer<Row>(change, diagnostics).apply(scenario.*member);
        found = true;
      }
    };
    for_each_table([&](std::size_t index, auto member) { apply(tables()[index].key, member); });
    for_each_list([&](std::size_t index, auto member) { apply(lists()[index].key, member); });
    if (!found) {
      diagnostics.error(ErrorCode::unknown_name, change.place,
                        fmt::format("there is no table or list {}", in_quotes(change.table)),
                        hint_for_unknown(change.table, known, "tables and lists"));
    }
  }
}

}  // namespace wintergrid::scenario
