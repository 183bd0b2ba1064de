#pragma once
// Cells that say `unknown`: which columns admit them, from which rows a value is drawn, and tables
// with every such cell filled. A value is never made up: it is that of a row that knows it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/fields.hpp"
#include "engine/scenario/scalar.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/core/luck.hpp"

namespace wintergrid::scenario {

inline constexpr std::string_view kUnknown = "unknown";

/// What may be unknown in a table.
struct UnknownRule {
  std::string table;
  std::vector<std::string> columns;  ///< that may be unknown
  std::vector<std::string> alike;    ///< a row's class: its values in these, as far as it knows
  std::vector<std::string> given;    ///< likewise whether there is anything in these (0: nothing)
  std::string weight;                ///< column by which rows count; empty: equally
};
/// Of a table; no columns for one in which nothing may be unknown.
const UnknownRule& unknown_rule(std::string_view table);
bool may_be_unknown(std::string_view table, std::string_view column);
/// Whether a row's cell said so, whatever fills it now.
template <class Row>
bool is_unknown(const Row& row, std::string_view column) {
  const std::vector<Field<Row>>& all = fields<Row>();
  for (const std::uint16_t index : row.place.unknown) {
    if (all[index].key == column) {
      return true;
    }
  }
  return false;
}
/// Why a column may not be unknown, and what to write instead.
ScalarError why_not_unknown(const FieldInfo& field);

/// What is unknown in one column, and where its values come from.
struct UnknownColumn {
  std::string table, column;
  std::vector<std::string> alike;  ///< what makes the class of a row, in words
  std::size_t rows = 0, unknown = 0;
  // of the unknown: drawn from rows of the class, of the whole table, or left at the default
  std::size_t from_class = 0, from_table = 0, from_default = 0;
};
/// "facilities.generator_kw: 12 of 50 cells (24 %) are unknown; drawn from rows alike in kind".
std::string to_text(const UnknownColumn& column);

/// The unknown cells of a scenario and the rows that lend them values. Const, shared by threads.
///
/// The unknown cells of one row are filled from one donor: a row that knows them all, alike in the
/// columns of the class (as far as the row itself knows those) and fitting what the row does know
/// (rules.hpp); if there is none, any row of the table that knows them all; if there is none, each
/// cell for itself, likewise; if nobody knows the column, the default of the field, with a warning,
/// or an error if it has none.
///
/// Donors with equal values are one, with the sum of their weights. They race: donor d, of weight
/// w, arrives at -log(u) / w, with u addressed by the row's name and the values of d; the first
/// wins. So d wins with chance w / sum, and another donor changes a draw only where it wins.
class Unknowns {
 public:
  /// Of the tables as read, on top of which `changes` are to be made. Null if no cell is unknown.
  static std::shared_ptr<const Unknowns> find(const Scenario& scenario,
                                              std::vector<RowChange> changes,
                                              Diagnostics& diagnostics);
  ~Unknowns();
  Unknowns(const Unknowns&) = delete;
  Unknowns& operator=(const Unknowns&) = delete;

  /// In the order of the tables and their columns.
  const std::vector<UnknownColumn>& columns() const;

  /// One fixed filling: of each pool the weighted median by the first unknown column if that is a
  /// number, else the donor of most weight. Then the changes.
  Scenario typical(Diagnostics& diagnostics) const;

  /// One drawn filling, then the changes. `set` tells apart several fillings with the same luck.
  /// `into` is empty or an earlier result, whose memory is used again. Errors: values that
  /// contradict each other.
  void draw(const Luck& luck, std::uint32_t set, Scenario& into, Diagnostics& diagnostics) const;

 private:
  struct Impl;
  explicit Unknowns(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::scenario
