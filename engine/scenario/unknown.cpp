// A hot deck (Andridge, Little, Int. Stat. Rev. 78 (2010) 40): what a row does not know it takes
// from one row that does. The race of donors with rates w is won by d with chance w / sum
// (exponential arrivals, as in weighted sampling by keys: Efraimidis, Spirakis, Inf. Process. Lett.
// 97 (2006) 181).

#include "engine/scenario/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/scenario/overlay.hpp"
#include "engine/scenario/rules.hpp"
#include "engine/scenario/unknown_donors.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {
namespace {

/// Both parts of an address mixed, since the luck takes one number (finaliser of SplitMix64:
/// Steele, Lea, Flood 2014).
std::uint64_t joined(std::uint64_t row, std::uint64_t values) {
  values ^= values >> 30;
  values *= 0xbf58476d1ce4e5b9ULL;
  values ^= values >> 27;
  values *= 0x94d049bb133111ebULL;
  return row ^ values ^ (values >> 31);
}

/// The fillings of one table, whatever its rows are.
class TableUnknowns {
 public:
  TableUnknowns() = default;
  TableUnknowns(const TableUnknowns&) = delete;
  TableUnknowns& operator=(const TableUnknowns&) = delete;
  virtual ~TableUnknowns() = default;
  virtual void fill_typical(Scenario& scenario) const = 0;
  virtual void fill_drawn(const Luck& luck, std::uint32_t set, Scenario& scenario) const = 0;
  /// What the filled rows must satisfy.
  virtual void check(const Scenario& scenario, Diagnostics& diagnostics) const = 0;
};

template <class Row>
class UnknownsOf final : public TableUnknowns {
 public:
  UnknownsOf(const std::vector<Row>& rows, std::vector<Row> Scenario::* member,
             const TableInfo& table, std::vector<UnknownColumn>& report, Diagnostics& diagnostics)
      : member_(member), table_(table.key) {
    const std::vector<Field<Row>>& all = fields<Row>();
    const UnknownRule& rule = unknown_rule(table.key);
    DonorFinder<Row> finder(rows, rule);
    counts_.resize(all.size());
    std::map<std::string, int> twins;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::string name = name_of_row(rows[row]);
      const int before = twins[name]++;
      if (!rows[row].place.unknown.empty()) {
        add_row(finder, row, before == 0 ? name : fmt::format("{}/twin {}", name, before),
                diagnostics);
      }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (counts_[i].unknown > 0) {
        UnknownColumn& column = counts_[i];
        column.table = table.key;
        column.column = all[i].key;
        column.alike = rule.alike;
        for (const std::string& given : rule.given) {
          column.alike.push_back("whether there is any " + given);
        }
        std::erase(column.alike, column.column);
        std::erase(column.alike, "whether there is any " + column.column);
        column.rows = rows.size();
        report.push_back(column);
        warn_of_default(rows, i, diagnostics);
      }
    }
    pools_ = finder.take_pools();
  }

  void fill_typical(Scenario& scenario) const override {
    for (const Cells& cells : cells_) {
      const DonorPool<Row>& pool = pools_[cells.pool];
      copy_cells(cells.columns, pool.donors[pool.typical].values, (scenario.*member_)[cells.row]);
    }
  }

  void fill_drawn(const Luck& luck, std::uint32_t set, Scenario& scenario) const override {
    constexpr std::uint32_t kMostColumns = 1U << 8U;
    for (const Cells& cells : cells_) {
      const DonorPool<Row>& pool = pools_[cells.pool];
      const Donor<Row>* first = &pool.donors.front();
      double first_arrival = std::numeric_limits<double>::infinity();
      for (const Donor<Row>& donor : pool.donors) {
        const double arrival =
            -std::log(luck.uniform({joined(cells.entity, donor.hash), Purpose::unknown_cell,
                                    set * kMostColumns + cells.part})) /
            donor.weight;
        if (arrival < first_arrival) {
          first_arrival = arrival;
          first = &donor;
        }
      }
      copy_cells(cells.columns, first->values, (scenario.*member_)[cells.row]);
    }
  }

  void check(const Scenario& scenario, Diagnostics& diagnostics) const override {
    for (const Cells& cells : cells_) {
      check_row((scenario.*member_)[cells.row], diagnostics);
    }
  }

 private:
  struct Cells {  ///< of one row, filled together
    std::size_t row = 0;
    Columns columns;
    std::size_t pool = 0;
    std::uint64_t entity = 0;
    std::uint32_t part = 0;  ///< 0: all unknown cells of the row; else position + 1 of the only one
  };

  /// What addresses a row's draws: its identifier, or all that it knows but its counts.
  static std::string name_of_row(const Row& row) {
    const std::vector<Field<Row>>& all = fields<Row>();
    if (all.front().kind == FieldKind::key) {
      return value_text(row, all.front());
    }
    std::string name;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].kind != FieldKind::integer) {
        name += (knows(row, static_cast<std::uint16_t>(i)) ? value_text(row, all[i])
                                                           : std::string(kUnknown)) +
                "/";
      }
    }
    return name;
  }

  void add_row(DonorFinder<Row>& finder, std::size_t row, const std::string& name,
               Diagnostics& diagnostics) {
    const Row& asking = finder.rows()[row];
    const Columns& unknown = asking.place.unknown;
    for (const std::uint16_t column : unknown) {
      ++counts_[column].unknown;
    }
    const std::uint64_t entity = name_hash("unknown/" + table_ + "/" + name);
    if (add_cells(finder, {row, unknown, 0, entity, 0})) {
      return;
    }
    std::size_t left_at_default = 0;
    for (const std::uint16_t column : unknown) {
      if (unknown.size() > 1 &&
          add_cells(finder, {row, {column}, 0, entity, static_cast<std::uint32_t>(column) + 1})) {
        continue;
      }
      left_at_default += nobody_knows(asking, column, diagnostics) ? 1U : 0U;
    }
    if (left_at_default == unknown.size()) {
      check_row(asking, diagnostics);
    }
  }

  /// False if there is no donor.
  bool add_cells(DonorFinder<Row>& finder, Cells cells) {
    const bool whole_row = cells.part == 0;  // then donors must fit the rest of it
    for (const DonorSource source : {DonorSource::same_class, DonorSource::whole_table}) {
      const std::optional<std::size_t> pool =
          whole_row ? finder.pool_that_fits(cells.row, cells.columns, source)
                    : finder.pool_of(cells.row, cells.columns, source);
      if (pool) {
        for (const std::uint16_t column : cells.columns) {
          ++(source == DonorSource::same_class && finder.has_classes()
                 ? counts_[column].from_class
                 : counts_[column].from_table);
        }
        cells.pool = *pool;
        cells_.push_back(std::move(cells));
        return true;
      }
    }
    return false;
  }

  /// Whether there is a default to take instead; one error for a column without.
  bool nobody_knows(const Row& row, std::uint16_t column, Diagnostics& diagnostics) {
    const Field<Row>& field = fields<Row>()[column];
    if (!field.required) {
      ++counts_[column].from_default;
      return true;
    }
    if (++errors_[column] == 1) {
      diagnostics.error(
          ErrorCode::unknown_cell, place_of(row, field.key),
          fmt::format("'{}' is unknown, and no row of '{}' has a value that fits here", field.key,
                      table_),
          "give the value, or that of at least one row like this");
    }
    return false;
  }

  void warn_of_default(const std::vector<Row>& rows, std::size_t column,
                       Diagnostics& diagnostics) const {
    if (counts_[column].from_default == 0) {
      return;
    }
    const std::string shown = default_text(fields<Row>()[column]);
    for (const Row& row : rows) {
      if (!knows(row, static_cast<std::uint16_t>(column))) {
        diagnostics.warning(
            ErrorCode::unknown_cell, place_of(row, fields<Row>()[column].key),
            fmt::format(
                "'{}' is unknown and no row that fits knows it ({} of {} rows of '{}'): the "
                "default ({}) is taken",
                fields<Row>()[column].key, counts_[column].from_default, rows.size(), table_,
                shown.empty() ? "an empty cell" : shown),
            "give at least one known value: without one nothing is drawn");
        return;
      }
    }
  }

  std::vector<Row> Scenario::* member_;
  std::string table_;
  std::vector<UnknownColumn> counts_;  ///< by field
  std::map<std::uint16_t, int> errors_;
  std::vector<DonorPool<Row>> pools_;
  std::vector<Cells> cells_;
};

}  // namespace

struct Unknowns::Impl {
  Scenario tables;  ///< as read, before the changes
  std::vector<RowChange> changes;
  std::vector<UnknownColumn> columns;
  std::vector<std::unique_ptr<TableUnknowns>> of_tables;

  void finish(Scenario& filled, Diagnostics& diagnostics) const {
    for (const auto& table : of_tables) {
      table->check(filled, diagnostics);
    }
    if (diagnostics.ok()) {
      apply_changes(changes, filled, diagnostics);
    }
  }
};

Unknowns::Unknowns(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Unknowns::~Unknowns() = default;

std::shared_ptr<const Unknowns> Unknowns::find(const Scenario& scenario,
                                               std::vector<RowChange> changes,
                                               Diagnostics& diagnostics) {
  auto impl = std::make_unique<Impl>();
  for_each_table([&](std::size_t index, auto member) {
    const auto& rows = scenario.*member;
    using Row = typename std::remove_cvref_t<decltype(rows)>::value_type;
    if (std::any_of(rows.begin(), rows.end(),
                    [](const Row& row) { return !row.place.unknown.empty(); })) {
      impl->of_tables.push_back(std::make_unique<UnknownsOf<Row>>(rows, member, tables()[index],
                                                                  impl->columns, diagnostics));
    }
  });
  if (impl->of_tables.empty()) {
    return nullptr;
  }
  impl->tables = scenario;
  impl->changes = std::move(changes);
  return std::shared_ptr<const Unknowns>(new Unknowns(std::move(impl)));
}

const std::vector<UnknownColumn>& Unknowns::columns() const { return impl_->columns; }

Scenario Unknowns::typical(Diagnostics& diagnostics) const {
  Scenario filled = impl_->tables;
  for (const auto& table : impl_->of_tables) {
    table->fill_typical(filled);
  }
  impl_->finish(filled, diagnostics);
  return filled;
}

void Unknowns::draw(const Luck& luck, std::uint32_t set, Scenario& into,
                    Diagnostics& diagnostics) const {
  // A change adds to what it finds, so that it needs the rows as they were.
  if (into.households.empty() || !impl_->changes.empty()) {
    into = impl_->tables;
  }
  for (const auto& table : impl_->of_tables) {
    table->fill_drawn(luck, set, into);
  }
  impl_->finish(into, diagnostics);
}

}  // namespace wintergrid::scenario
