#include "tests/validation/comparison.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include <unistd.h>

#include "tests/engine/cli/program.hpp"

namespace wintergrid::validation {
namespace {

namespace fs = std::filesystem;

/// Cells of a line; quotes, which are dropped, and parentheses hold separators together.
std::vector<std::string> cells(const std::string& line, char separator) {
  std::vector<std::string> result(1);
  bool quoted = false;
  int depth = 0;
  for (const char c : line) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted && depth <= 0) {
      result.emplace_back();
    } else if (c != '\r') {
      result.back() += c;
    }
  }
  return result;
}

std::string key_of(const std::vector<std::string>& row, const std::vector<std::size_t>& places) {
  std::string key;
  for (const std::size_t place : places) {
    key += row[place] + '\n';
  }
  return key;
}

std::string readable(std::string key) {
  std::replace(key.begin(), key.end(), '\n', ' ');
  key.pop_back();
  return key;
}

std::size_t required(const Table& table, const std::string& name, const char* whose) {
  const std::size_t place = table.column(name);
  if (place == SIZE_MAX) {
    throw std::runtime_error(std::string(whose) + " has no column '" + name + "'");
  }
  return place;
}

double number(const std::string& text) {
  std::size_t used = 0;
  const double value = std::stod(text, &used);
  if (used != text.size()) {
    throw std::runtime_error("'" + text + "' is not a number");
  }
  return value;
}

}  // namespace

std::size_t Table::column(const std::string& name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? SIZE_MAX : static_cast<std::size_t>(found - columns.begin());
}

Table read_table(const fs::path& path, char separator) {
  std::ifstream stream(path);
  std::string line;
  if (!std::getline(stream, line)) {
    throw std::runtime_error("cannot read " + path.filename().string());
  }
  Table table;
  table.columns = cells(line, separator);
  while (std::getline(stream, line)) {
    if (line.empty()) {
      continue;
    }
    table.rows.push_back(cells(line, separator));
    if (table.rows.back().size() != table.columns.size()) {
      throw std::runtime_error(path.filename().string() + ": row " +
                               std::to_string(table.rows.size()) +
                               " has another number of cells than the header");
    }
  }
  return table;
}

Rows compare(const std::string& case_name, double seconds, const Table& ours,
             const Table& reference, const std::vector<std::string>& keys,
             const std::vector<ComparedColumn>& columns,
             const std::function<bool(const std::vector<std::string>&)>& skip) {
  std::vector<std::size_t> our_key, reference_key;
  for (const std::string& key : keys) {
    const std::size_t sign = key.find('=');
    our_key.push_back(required(ours, key.substr(0, sign), "our table"));
    reference_key.push_back(required(
        reference, sign == std::string::npos ? key : key.substr(sign + 1), "the reference"));
  }
  std::map<std::string, const std::vector<std::string>*> our_row;
  for (const auto& row : ours.rows) {
    our_row[key_of(row, our_key)] = &row;
  }
  Rows result;
  for (const ComparedColumn& column : columns) {
    const std::size_t our_place = required(ours, column.ours, "our table");
    const std::size_t reference_place = required(reference, column.reference, "the reference");
    Row worst{.case_name = case_name, .quantity = column.quantity, .seconds = seconds};
    double worst_ratio = -1.0;
    std::string where;
    for (const auto& row : reference.rows) {
      if (skip && skip(row)) {
        continue;
      }
      const std::string key = key_of(row, reference_key);
      const auto found = our_row.find(key);
      if (found == our_row.end()) {
        worst.failure = "our table lacks " + readable(key);
        break;
      }
      const double expected = number(row[reference_place]);
      if (std::isnan(expected)) {
        continue;  // the reference gives none: a pipe out of service
      }
      const double value = number((*found->second)[our_place]) * column.scale + column.offset;
      const double allowed =
          column.tolerance.absolute + column.tolerance.relative * std::abs(expected);
      const double difference = std::abs(value - expected);
      const double ratio = std::isfinite(difference) ? difference / allowed : HUGE_VAL;
      if (ratio > worst_ratio) {
        worst_ratio = ratio;
        worst.ours = value;
        worst.reference = expected;
        worst.difference = difference;
        worst.tolerance = allowed;
        where = readable(key);
      }
    }
    if (worst_ratio < 0.0 && worst.failure.empty()) {
      worst.failure = "nothing to compare";
    }
    worst.quantity += where.empty() ? "" : " at " + where;
    result.push_back(std::move(worst));
  }
  return result;
}

void append(Rows& rows, Rows more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

void guarded(const std::string& case_name, Rows& rows, const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& problem) {
    rows.push_back({.case_name = case_name, .failure = problem.what()});
  }
}

double run_wintergrid(const std::vector<std::string>& arguments) {
  const auto begin = std::chrono::steady_clock::now();
  const test::Finished finished = test::run_program(arguments);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  if (finished.code != 0) {
    throw std::runtime_error("exit " + std::to_string(finished.code) + ": " +
                             finished.err.substr(0, finished.err.find('\n')));
  }
  return passed.count();
}

std::vector<fs::path> files_ending(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(ending)) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path scratch(const std::string& name) {
  const fs::path folder =
      fs::temp_directory_path() / ("wintergrid-validate-" + std::to_string(getpid())) / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

}  // namespace wintergrid::validation
