#pragma once
// Who lends a value to a row with unknown cells. Private to engine/scenario.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/scenario/rules.hpp"
#include "engine/scenario/unknown.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::scenario {

using Columns = std::vector<std::uint16_t>;  ///< positions in the field table, ascending

template <class Row>
bool knows(const Row& row, std::uint16_t column) {
  return !std::binary_search(row.place.unknown.begin(), row.place.unknown.end(), column);
}

template <class Row>
void copy_cells(const Columns& columns, const Row& from, Row& to) {
  for (const std::uint16_t column : columns) {
    std::visit([&](auto member) { to.*member = from.*member; }, fields<Row>()[column].member);
  }
}

/// Not a number for what is none.
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

/// Rows with equal values, as one.
template <class Row>
struct Donor {
  Row values;  ///< without places
  std::uint64_t hash = 0;
  double weight = 0.0;
};
template <class Row>
struct DonorPool {
  std::vector<Donor<Row>> donors;
  std::size_t typical = 0;
};

enum class DonorSource { same_class, whole_table };

/// Finds the donors of a table's rows; rows that ask alike share a pool.
template <class Row>
class DonorFinder {
 public:
  using Pool = DonorPool<Row>;

  DonorFinder(const std::vector<Row>& rows, const UnknownRule& rule) : rows_(rows), rule_(rule) {
    const std::vector<Field<Row>>& all = fields<Row>();
    const auto lists = [](const std::vector<std::string>& names, const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (lists(rule.alike, all[i].key) || lists(rule.given, all[i].key)) {
        alike_.push_back(static_cast<std::uint16_t>(i));
      }
      weight_ = all[i].key == rule.weight ? &all[i] : weight_;
    }
  }

  const std::vector<Row>& rows() const { return rows_; }
  bool has_classes() const { return !alike_.empty(); }
  std::vector<Pool> take_pools() { return std::move(pools_); }

  /// The donors of a pool that contradict nothing of what the row knows.
  std::optional<std::size_t> pool_that_fits(std::size_t row, const Columns& columns,
                                            DonorSource source) {
    const std::optional<std::size_t> whole = pool_of(row, columns, source);
    if (!whole) {
      return std::nullopt;
    }
    Row trial = rows_[row];
    std::string fitting;
    for (const Donor<Row>& donor : pools_[*whole].donors) {
      copy_cells(columns, donor.values, trial);
      Diagnostics problems;
      check_row(trial, problems);
      fitting += problems.ok() ? '1' : '0';
    }
    if (fitting.find('0') == std::string::npos) {
      return whole;
    }
    const auto [found, is_new] = cache_.try_emplace(fitting + " of pool " + std::to_string(*whole));
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

  /// All donors of a row's class, or of the table; each filled from once for all rows alike.
  std::optional<std::size_t> pool_of(std::size_t row, const Columns& columns, DonorSource source) {
    const Row& asking = rows_[row];
    std::string key;
    for (const std::uint16_t column : columns) {
      key += std::to_string(column) + ",";
    }
    Columns same;
    if (source == DonorSource::same_class) {
      for (const std::uint16_t column : alike_) {
        if (knows(asking, column)) {
          same.push_back(column);
          key += "/" + std::to_string(column) + "=" + class_text(asking, column);
        }
      }
    }
    const auto [found, is_new] = cache_.try_emplace(key);
    if (is_new) {
      found->second = make_pool(asking, columns, same);
    }
    return found->second;
  }

 private:
  bool is_given(const std::string& key) const {
    return std::find(rule_.given.begin(), rule_.given.end(), key) != rule_.given.end();
  }

  /// A row's class by one column.
  std::string class_text(const Row& row, std::uint16_t column) const {
    const Field<Row>& field = fields<Row>()[column];
    if (!is_given(field.key)) {
      return value_text(row, field);
    }
    return number_in(row, field) > 0.0 ? "some" : "none";
  }

  std::optional<std::size_t> make_pool(const Row& asking, const Columns& columns,
                                       const Columns& same) {
    const std::vector<Field<Row>>& all = fields<Row>();
    Pool pool;
    std::map<std::string, std::size_t> index_of;
    for (const Row& row : rows_) {
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
        values += all[column].key + "=" + value_text(row, all[column]) + ";";
      }
      const auto [found, is_new] = index_of.try_emplace(values, pool.donors.size());
      if (is_new) {
        Donor<Row> donor;
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
    const std::vector<Donor<Row>>& donors = pool.donors;
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
    for (const Donor<Row>& donor : donors) {
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

  const std::vector<Row>& rows_;
  const UnknownRule& rule_;
  Columns alike_;
  const Field<Row>* weight_ = nullptr;
  std::vector<Pool> pools_;
  std::map<std::string, std::optional<std::size_t>> cache_;
};

}  // namespace wintergrid::scenario
