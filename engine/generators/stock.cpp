#include "engine/generators/stock.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/number_text.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::generators {
namespace {

/// A small table with named columns; every mistake is reported at its cell.
class Table {
 public:
  Table(const io::SourceText& source, std::vector<std::string> columns, Diagnostics& diagnostics)
      : path_(source.path),
        reader_(source, diagnostics),
        diagnostics_(diagnostics),
        columns_(std::move(columns)),
        place_(columns_.size(), kAbsent) {
    if (!reader_.next(record_)) {
      diagnostics_.error(ErrorCode::file, {path_, 1, 1}, "the file is empty",
                         fmt::format("columns: {}", fmt::join(columns_, ", ")));
      return;
    }
    cells_ = record_.size();
    for (std::size_t i = 0; i < record_.size(); ++i) {
      const auto found = std::find(columns_.begin(), columns_.end(), record_[i].text);
      const SourcePlace at{path_, record_[i].line, record_[i].column};
      if (found == columns_.end()) {
        const std::string hint = io::did_you_mean(record_[i].text, columns_);
        diagnostics_.error(
            ErrorCode::unknown_name, at, fmt::format("column '{}' is not known", record_[i].text),
            hint.empty() ? fmt::format("columns: {}", fmt::join(columns_, ", ")) : hint);
        continue;
      }
      std::size_t& place = place_[static_cast<std::size_t>(found - columns_.begin())];
      if (place != kAbsent) {
        diagnostics_.error(ErrorCode::twice, at,
                           fmt::format("column '{}' stands here a second time", *found),
                           "remove one of them");
      }
      place = i;
    }
  }

  bool has(std::size_t column) const { return place_[column] != kAbsent; }

  /// The next row with as many cells as the head.
  bool next() {
    while (reader_.next(record_)) {
      if (record_.size() == cells_) {
        return true;
      }
      diagnostics_.error(ErrorCode::syntax, {path_, record_.front().line, 1},
                         fmt::format("{} cells, but the first line has {}", record_.size(), cells_),
                         "separate the cells as in the first line; quote a text with commas");
    }
    return false;
  }

  const std::string& text(std::size_t column) const { return record_[place_[column]].text; }

  void error(ErrorCode code, std::size_t column, std::string problem, std::string hint) {
    const scenario::CsvCell& cell = record_[place_[column]];
    diagnostics_.error(code, {path_, cell.line, cell.column}, std::move(problem), std::move(hint));
  }

  /// A number of at least `least`, or the error of what it should be.
  std::optional<double> number(std::size_t column, double least, bool may_equal,
                               const std::string& expected) {
    std::string digits = text(column);
    if (reader_.separator() != ',') {
      std::replace(digits.begin(), digits.end(), ',', '.');
    }
    const std::optional<double> value = scenario::to_double(digits);
    if (value && std::isfinite(*value) && (*value > least || (may_equal && *value == least))) {
      return value;
    }
    error(text(column).empty() ? ErrorCode::missing : ErrorCode::range, column,
          text(column).empty()
              ? fmt::format("'{}' is empty (must be {})", columns_[column], expected)
              : fmt::format("'{}' is '{}' (must be {})", columns_[column], text(column), expected),
          {});
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kAbsent = SIZE_MAX;
  std::string path_;
  scenario::CsvReader reader_;
  Diagnostics& diagnostics_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> place_;
  std::vector<scenario::CsvCell> record_;
  std::size_t cells_ = 0;
};

constexpr double kMostSets = 1e5;

/// Class of the upper bound in a cell; kSetClassCount if there is none.
std::size_t class_of(const std::string& text) {
  if (text == "over_1000") {
    return kSetClassCount - 1;
  }
  const std::optional<double> bound = scenario::to_double(text);
  for (std::size_t c = 0; c < kSetClassUpperKw.size(); ++c) {
    if (bound && *bound == kSetClassUpperKw[c]) {
      return c;
    }
  }
  return kSetClassCount;
}

}  // namespace

std::vector<StockItem> read_stock(const io::SourceText& source, Diagnostics& diagnostics) {
  enum Column : std::size_t { class_column, rating_column, count_column, cost_column };
  Table table(source, {"class_kw", "rating_kw", "count", "cost"}, diagnostics);
  const SourcePlace head{source.path, 1, 1};
  if (!diagnostics.ok()) {
    return {};
  }
  if (table.has(class_column) == table.has(rating_column)) {
    diagnostics.error(table.has(class_column) ? ErrorCode::contradiction : ErrorCode::missing, head,
                      table.has(class_column) ? "both 'class_kw' and 'rating_kw' are given"
                                              : "column 'rating_kw' is missing",
                      "give class_kw (upper bound of a size class) or rating_kw (prime kW), and "
                      "count");
  }
  if (!table.has(count_column)) {
    diagnostics.error(ErrorCode::missing, head, "column 'count' is missing",
                      "columns: rating_kw, count, cost");
  }
  if (!diagnostics.ok()) {
    return {};
  }
  std::vector<StockItem> stock;
  bool any_row = false;
  while (table.next()) {
    any_row = true;
    StockItem item;
    if (table.has(rating_column)) {
      item.rating_kw =
          table.number(rating_column, 0.0, false, "prime kW, more than 0").value_or(0.0);
    } else if (class_of(table.text(class_column)) < kSetClassUpperKw.size()) {
      item.rating_kw = kSetClassUpperKw[class_of(table.text(class_column))];
    } else {
      table.error(ErrorCode::type, class_column,
                  fmt::format("'class_kw' is '{}' (must be one of {:g})", table.text(class_column),
                              fmt::join(kSetClassUpperKw, ", ")),
                  "use the column rating_kw for other sizes");
    }
    const std::optional<double> count =
        table.number(count_column, 0.0, true, "a whole number, 0 or more");
    if (count && (*count != std::floor(*count) || *count > kMostSets)) {
      table.error(ErrorCode::type, count_column,
                  fmt::format("'count' is '{}' (must be a whole number, 0 or more)",
                              table.text(count_column)),
                  {});
    } else {
      item.count = static_cast<std::uint32_t>(count.value_or(0.0));
    }
    if (table.has(cost_column) && !table.text(cost_column).empty()) {
      item.cost = table.number(cost_column, 0.0, true, "USD of one set, 0 or more").value_or(0.0);
    }
    stock.push_back(item);
  }
  if (!any_row && diagnostics.ok()) {
    diagnostics.error(ErrorCode::missing, head, "there are no sets",
                      "give one row for each rating");
  }
  std::stable_sort(stock.begin(), stock.end(), [](const StockItem& a, const StockItem& b) {
    return a.rating_kw > b.rating_kw;
  });
  return stock;
}

Costs read_costs(const io::SourceText& source, Diagnostics& diagnostics) {
  enum Column : std::size_t { technology, class_kw, typical, low, high, confidence, origin };
  const std::vector<std::string> columns = {"technology", "class_kw",   "typical_usd", "low_usd",
                                            "high_usd",   "confidence", "source"};
  Costs costs;
  Table table(source, columns, diagnostics);
  for (std::size_t c = 0; c < columns.size() && diagnostics.ok(); ++c) {
    if (!table.has(c)) {
      diagnostics.error(ErrorCode::missing, {source.path, 1, 1},
                        fmt::format("column '{}' is missing", columns[c]),
                        fmt::format("columns: {}", fmt::join(columns, ", ")));
    }
  }
  while (diagnostics.ok() && table.next()) {
    const std::size_t c = class_of(table.text(class_kw));
    const bool diesel = table.text(technology) == "diesel";
    if (!diesel && table.text(technology) != "cogeneration") {
      table.error(ErrorCode::type, technology,
                  fmt::format("technology '{}' is not known", table.text(technology)),
                  "diesel or cogeneration");
      continue;
    }
    if (c == kSetClassCount) {
      table.error(ErrorCode::type, class_kw,
                  fmt::format("'class_kw' is '{}'", table.text(class_kw)),
                  "an upper bound of a size class, or over_1000");
      continue;
    }
    const auto usd = [&table](std::size_t column) {
      return table.number(column, 0.0, false, "USD, more than 0").value_or(0.0);
    };
    (diesel ? costs.diesel : costs.cogeneration)[c] = {usd(typical), usd(low), usd(high),
                                                       table.text(origin), table.text(confidence)};
  }
  return costs;
}

bool can_serve(std::span<const StockItem> stock, const Facilities& facilities,
               std::span<const std::uint32_t> served) {
  // Larger sets can do all that smaller ones can: it fits if the n-th largest set covers the n-th
  // largest requirement, for every n.
  std::vector<double> required;
  required.reserve(served.size());
  for (const std::uint32_t i : served) {
    required.push_back(facilities.required_kw[i]);
  }
  std::sort(required.begin(), required.end(), std::greater<>());
  std::size_t n = 0;
  for (const StockItem& item : stock) {
    for (std::uint32_t k = 0; k < item.count && n < required.size(); ++k) {
      if (required[n] > item.rating_kw) {
        return false;
      }
      ++n;
    }
  }
  return n == required.size();
}

std::vector<std::uint32_t> hand_out(std::span<const StockItem> stock, const Facilities& facilities,
                                    std::span<const std::uint32_t> served) {
  std::vector<std::size_t> order(served.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return facilities.required_kw[served[a]] > facilities.required_kw[served[b]];
  });
  std::vector<std::uint32_t> left;
  for (const StockItem& item : stock) {
    left.push_back(item.count);
  }
  std::vector<std::uint32_t> given(served.size(), 0);
  for (const std::size_t place : order) {
    std::size_t item = stock.size();
    while (item > 0 && (left[item - 1] == 0 ||
                        stock[item - 1].rating_kw < facilities.required_kw[served[place]])) {
      --item;
    }
    WG_CHECK(item > 0, "the stock does not reach: ask can_serve() first");
    --left[item - 1];
    given[place] = static_cast<std::uint32_t>(item - 1);
  }
  return given;
}

}  // namespace wintergrid::generators
