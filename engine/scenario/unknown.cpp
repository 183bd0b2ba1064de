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
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/scenario/messages.hpp"
#include "engine/scenario/overlay.hpp"
#include "engine/scenario/rules.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {
namespace {

using Columns = std::vector<std::uint16_t>;  ///< positions in the field table, ascending

const std::vector<UnknownRule>& unknown_rules() {
  // Not here: names, what hangs on what, counts of homes (results are counted in them), what a
  // thing is (kind, voltage of a bus), and what decides whether anything is connected at all.
  static const std::vector<UnknownRule> all{
      {"buses", {"protection"}, {"voltage_kv"}, {}, ""},
      {"branches",
       {"length_km", "circuits", "reactance_pu", "rating_mw", "tap", "shift_deg"},
       {"kind", "voltage_kv"},
       {},
       ""},
      {"generators",
       {"capacity_mw", "black_start", "restart_hours", "protection"},
       {"kind"},
       {},
       ""},
      {"feeders", {"queue", "other_kw"}, {}, {}, ""},
      {"households",
       {"building_class", "rise", "heating"},
       {"building_class", "rise", "heating"},
       {},
       "households"},
      {"facilities",
       {"load_kw", "motor_kw", "soft_start", "generator_kw", "fuel_hours", "phase_in_minutes"},
       {"kind"},
       {"generator_kw"},
       ""},
      {"heat_pipes", {"capacity_mw", "length_km", "diameter_mm"}, {}, {}, ""},
      {"heat_sources", {"capacity_mw", "gas", "protection"}, {"kind"}, {}, ""},
      {"water_nodes",
       {"capacity_m3_per_h", "volume_m3", "elevation_m", "head_m", "protection"},
       {"kind"},
       {},
       ""},
      {"water_links", {"capacity_m3_per_h", "length_km", "diameter_mm"}, {}, {}, ""},
  };
  return all;
}

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Both parts of an address mixed, since the luck takes one number (finaliser of SplitMix64:
/// Steele, Lea, Flood 2014).
std::uint64_t joined(std::uint64_t row, std::uint64_t values) {
  values ^= values >> 30;
  values *= 0xbf58476d1ce4e5b9ULL;
  values ^= values >> 27;
  values *= 0x94d049bb133111ebULL;
  return row ^ values ^ (values >> 31);
}

template <class Row>
void copy_cells(const Columns& columns, const Row& from, Row& to) {
  for (const std::uint16_t column : columns) {
    std::visit([&](auto member) { to.*member = from.*member; }, fields<Row>()[column].member);
  }
}

template <class Row>
double number_in(const Row& row, const Field<Row>& field) {
  return std::visit(
      [&](auto member) -> double {
        using Value = std::remove_cvref_t<decltype(row.*member)>;
        if constexpr (std::is_arithmetic_v<Value>) {
          return static_cast<double>(row.*member);
        } else {
          return std::nan("");
        }
      },
      field.member);
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

enum class Source { same_class, whole_table };

template <class Row>
class UnknownsOf final : public TableUnknowns {
 public:
  UnknownsOf(const std::vector<Row>& rows, std::vector<Row> Scenario::* member,
             const TableInfo& table, std::vector<UnknownColumn>& report, Diagnostics& diagnostics)
      : rows_(&rows), member_(member), table_(table), rule_(unknown_rule(table.key)) {
    const std::vector<Field<Row>>& all = fields<Row>();
    counts_.resize(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (lists(rule_.alike, all[i].key) || lists(rule_.given, all[i].key)) {
        alike_.push_back(static_cast<std::uint16_t>(i));
      }
      weight_ = all[i].key == rule_.weight ? &all[i] : weight_;
    }
    std::map<std::string, int> twins;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::string name = name_of_row(rows[row]);
      const int before = twins[name]++;
      if (!rows[row].place.unknown.empty()) {
        add_row(row, before == 0 ? name : fmt::format("{}/twin {}", name, before), diagnostics);
      }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (counts_[i].unknown > 0) {
        UnknownColumn& column = counts_[i];
        column.table = table.key;
        column.column = all[i].key;
        column.alike = rule_.alike;
        for (const std::string& given : rule_.given) {
          column.alike.push_back("whether there is any " + given);
        }
        std::erase(column.alike, column.column);
        std::erase(column.alike, "whether there is any " + column.column);
        column.rows = rows.size();
        report.push_back(column);
        warn_of_default(i, diagnostics);
      }
    }
    rows_ = nullptr;  // only needed to find the donors
    cache_.clear();
  }

  void fill_typical(Scenario& scenario) const override {
    for (const Cells& cells : cells_) {
      const Pool& pool = pools_[cells.pool];
      copy_cells(cells.columns, pool.donors[pool.typical].values, (scenario.*member_)[cells.row]);
    }
  }

  void fill_drawn(const Luck& luck, std::uint32_t set, Scenario& scenario) const override {
    constexpr std::uint32_t kMostColumns = 1U << 8U;
    for (const Cells& cells : cells_) {
      const Pool& pool = pools_[cells.pool];
      const Donor* first = &pool.donors.front();
      double first_arrival = std::numeric_limits<double>::infinity();
      for (const Donor& donor : pool.donors) {
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
  struct Donor {
    Row values;  ///< of a row that has them, without its places
    std::uint64_t hash = 0;
    double weight = 0.0;
  };
  struct Pool {
    std::vector<Donor> donors;
    std::size_t typical = 0;
  };
  struct Cells {  ///< of one row, filled together
    std::size_t row = 0;
    Columns columns;
    std::size_t pool = 0;
    std::uint64_t entity = 0;
    std::uint32_t part = 0;  ///< 0: all unknown cells of the row; else position + 1 of the only one
  };

  bool knows(const Row& row, std::uint16_t column) const {
    return !std::binary_search(row.place.unknown.begin(), row.place.unknown.end(), column);
  }

  /// A row's class by one column.
  std::string class_text(const Row& row, std::uint16_t column) const {
    const Field<Row>& field = fields<Row>()[column];
    if (!lists(rule_.given, field.key)) {
      return value_text(row, field);
    }
    return number_in(row, field) > 0.0 ? "some" : "none";
  }

  /// What addresses a row's draws: its identifier, or all that it knows but its counts.
  std::string name_of_row(const Row& row) const {
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

  void add_row(std::size_t row, const std::string& name, Diagnostics& diagnostics) {
    const Columns& unknown = (*rows_)[row].place.unknown;
    for (const std::uint16_t column : unknown) {
      ++counts_[column].unknown;
    }
    const std::uint64_t entity = name_hash("unknown/" + table_.key + "/" + name);
    if (add_cells({row, unknown, 0, entity, 0}, true)) {
      return;
    }
    std::size_t left_at_default = 0;
    for (const std::uint16_t column : unknown) {
      if (unknown.size() > 1 &&
          add_cells({row, {column}, 0, entity, static_cast<std::uint32_t>(column) + 1}, false)) {
        continue;
      }
      left_at_default += nobody_knows(row, column, diagnostics) ? 1U : 0U;
    }
    if (left_at_default == unknown.size()) {
      check_row((*rows_)[row], diagnostics);
    }
  }

  /// False if there is no donor. `whole_row`: donors must fit the rest of the row.
  bool add_cells(Cells cells, bool whole_row) {
    for (const Source source : {Source::same_class, Source::whole_table}) {
      const std::optional<std::size_t> pool = whole_row
                                                  ? pool_that_fits(cells.row, cells.columns, source)
                                                  : pool_of(cells.row, cells.columns, source);
      if (pool) {
        for (const std::uint16_t column : cells.columns) {
          ++(source == Source::same_class && !alike_.empty() ? counts_[column].from_class
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
  bool nobody_knows(std::size_t row, std::uint16_t column, Diagnostics& diagnostics) {
    const Field<Row>& field = fields<Row>()[column];
    if (!field.required) {
      ++counts_[column].from_default;
      return true;
    }
    if (++errors_[column] == 1) {
      diagnostics.error(
          place_of((*rows_)[row], field.key),
          fmt::format("'{}' is unknown, and no row of '{}' has a value that fits here", field.key,
                      table_.key),
          "give the value, or that of at least one row like this");
    }
    return false;
  }

  void warn_of_default(std::size_t column, Diagnostics& diagnostics) const {
    if (counts_[column].from_default == 0) {
      return;
    }
    const std::string shown = default_text(fields<Row>()[column]);
    for (const Row& row : *rows_) {
      if (!knows(row, static_cast<std::uint16_t>(column))) {
        diagnostics.warning(
            place_of(row, fields<Row>()[column].key),
            fmt::format(
                "'{}' is unknown and no row that fits knows it ({} of {} rows of '{}'): the "
                "default ({}) is taken",
                fields<Row>()[column].key, counts_[column].from_default, rows_->size(), table_.key,
                shown.empty() ? "an empty cell" : shown),
            "give at least one known value: without one nothing is drawn");
        return;
      }
    }
  }

  /// All donors of a row's class, or of the table; each filled from once for all rows alike.
  std::optional<std::size_t> pool_of(std::size_t row, const Columns& columns, Source source) {
    const Row& asking = (*rows_)[row];
    std::string key = fmt::format("{}", fmt::join(columns, ","));
    Columns same;
    if (source == Source::same_class) {
      for (const std::uint16_t column : alike_) {
        if (knows(asking, column)) {
          same.push_back(column);
          key += fmt::format("/{}={}", column, class_text(asking, column));
        }
      }
    }
    const auto [found, is_new] = cache_.try_emplace(key);
    if (is_new) {
      found->second = make_pool(asking, columns, same);
    }
    return found->second;
  }

  std::optional<std::size_t> make_pool(const Row& asking, const Columns& columns,
                                       const Columns& same) {
    const std::vector<Field<Row>>& all = fields<Row>();
    Pool pool;
    std::map<std::string, std::size_t> index_of;
    for (const Row& row : *rows_) {
      const bool knows_all = std::all_of(columns.begin(), columns.end(),
                                         [&](std::uint16_t column) { return knows(row, column); });
      const bool is_alike = std::all_of(same.begin(), same.end(), [&](std::uint16_t column) {
        return knows(row, column) && class_text(row, column) == class_text(asking, column);
      });
      const double weight = weight_ == nullptr ? 1.0 : number_in(row, *weight_);
      if (!knows_all || !is_alike || !(weight > 0.0)) {
        continue;
      }
      std::string values;
      for (const std::uint16_t column : columns) {
        values += fmt::format("{}={};", all[column].key, value_text(row, all[column]));
      }
      const auto [found, is_new] = index_of.try_emplace(values, pool.donors.size());
      if (is_new) {
        Donor donor;
        copy_cells(columns, row, donor.values);
        donor.hash = name_hash(values);
        pool.donors.push_back(std::move(donor));
      }
      pool.donors[found->second].weight += weight;
    }
    return keep(std::move(pool), columns);
  }

  std::optional<std::size_t> keep(Pool pool, const Columns& columns) {
    if (pool.donors.empty()) {
      return std::nullopt;
    }
    pool.typical = typical_of(pool, fields<Row>()[columns.front()]);
    pools_.push_back(std::move(pool));
    return pools_.size() - 1;
  }

  static std::size_t typical_of(const Pool& pool, const Field<Row>& first) {
    const std::vector<Donor>& donors = pool.donors;
    std::vector<std::size_t> order(donors.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    if (first.kind != FieldKind::number && first.kind != FieldKind::integer) {
      return *std::max_element(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return donors[a].weight < donors[b].weight;
      });
    }
    const auto number = [&](std::size_t i) {  // not given comes first
      const double value = number_in(donors[i].values, first);
      return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return number(a) < number(b); });
    double total = 0.0, passed = 0.0;
    for (const Donor& donor : donors) {
      total += donor.weight;
    }
    for (const std::size_t i : order) {
      passed += donors[i].weight;
      if (passed >= 0.5 * total) {
        return i;
      }
    }
    return order.back();
  }

  /// The donors of a pool that contradict nothing of what the row knows.
  std::optional<std::size_t> pool_that_fits(std::size_t row, const Columns& columns,
                                            Source source) {
    const std::optional<std::size_t> whole = pool_of(row, columns, source);
    if (!whole) {
      return std::nullopt;
    }
    Row trial = (*rows_)[row];
    std::string fitting;
    for (const Donor& donor : pools_[*whole].donors) {
      copy_cells(columns, donor.values, trial);
      Diagnostics problems;
      check_row(trial, problems);
      fitting += problems.ok() ? '1' : '0';
    }
    if (fitting.find('0') == std::string::npos) {
      return whole;
    }
    const auto [found, is_new] = cache_.try_emplace(fmt::format("{} of pool {}", fitting, *whole));
    if (is_new) {
      Pool pool;
      for (std::size_t i = 0; i < fitting.size(); ++i) {
        if (fitting[i] == '1') {
          pool.donors.push_back(pools_[*whole].donors[i]);
        }
      }
      found->second = keep(std::move(pool), columns);
    }
    return found->second;
  }

  const std::vector<Row>* rows_;
  std::vector<Row> Scenario::* member_;
  TableInfo table_;
  UnknownRule rule_;
  Columns alike_;
  const Field<Row>* weight_ = nullptr;
  std::vector<UnknownColumn> counts_;  ///< by field
  std::map<std::uint16_t, int> errors_;
  std::vector<Pool> pools_;
  std::vector<Cells> cells_;
  std::map<std::string, std::optional<std::size_t>> cache_;
};

}  // namespace

const UnknownRule& unknown_rule(std::string_view table) {
  static const UnknownRule nothing;
  for (const UnknownRule& rule : unknown_rules()) {
    if (rule.table == table) {
      return rule;
    }
  }
  return nothing;
}

bool may_be_unknown(std::string_view table, std::string_view column) {
  return lists(unknown_rule(table).columns, column);
}

ScalarError why_not_unknown(const FieldInfo& field) {
  ScalarError error{fmt::format("'{}' must not be unknown", field.key), {}};
  if (field.kind == FieldKind::key) {
    error.problem += ": rows are told apart by it";
    error.hint = "give the row any name of its own";
  } else if (field.kind == FieldKind::reference) {
    error.problem += ": what hangs on what is not drawn";
    error.hint = field.required ? "name the most likely one"
                                : "name the most likely one, or leave the cell empty for none";
  } else if (field.key == "households" || field.key == "buildings") {
    error.problem += ": results are counted in it";
    error.hint = "write your best estimate";
  } else {
    error.problem += ": values of this column are not drawn";
    error.hint = field.required ? "write the most likely value"
                                : "write the most likely value, or leave the cell empty";
  }
  return error;
}

std::string to_text(const UnknownColumn& column) {
  std::vector<std::string> from;
  const auto add = [&](std::size_t count, const std::string& what) {
    if (count > 0) {
      from.push_back(count == column.unknown ? what : fmt::format("{} ({})", what, count));
    }
  };
  add(column.from_class, fmt::format("drawn from rows alike in {}", join(column.alike)));
  add(column.from_table, "drawn from all rows");
  add(column.from_default, "nobody knows it, so the default is taken");
  return fmt::format("{}.{}: {} of {} cells ({:.3g} %) are unknown; {}", column.table,
                     column.column, column.unknown, column.rows,
                     100.0 * static_cast<double>(column.unknown) / static_cast<double>(column.rows),
                     join(from));
}

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
