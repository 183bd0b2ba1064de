#include "engine/scenario/matlab_text.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace wintergrid::scenario::matlab {
namespace {

constexpr int kDeepestNesting = 100;  ///< of an expression: it is evaluated by recursion
constexpr double kMostColumns = 1000;

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::vector<Statement> split_statements(std::string_view source) {
  std::vector<Statement> statements;
  Statement now;
  int depth = 0;
  bool in_text = false;
  int block_comments = 0;  // they nest
  std::size_t line = 1;
  const auto end_statement = [&] {
    const std::size_t first = now.text.find_first_not_of(" \t\r");
    if (first != std::string::npos) {
      now.text.erase(0, first);
      now.line_of.erase(now.line_of.begin(),
                        now.line_of.begin() + static_cast<std::ptrdiff_t>(first));
      while (std::isspace(static_cast<unsigned char>(now.text.back())) != 0) {
        now.text.pop_back();
      }
      now.line_of.resize(now.text.size());
      statements.push_back(now);
    }
    now = Statement{};
  };
  const auto put = [&](char c) {
    now.text += c;
    now.line_of.push_back(line);
  };
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (c == '\n') {
      in_text = false;
      if (depth == 0) {
        end_statement();
      } else {
        put(';');
      }
      ++line;
      continue;
    }
    const std::size_t line_end = std::min(source.find('\n', i), source.size());
    const std::string_view rest = source.substr(i, line_end - i);
    if (i == 0 || source[i - 1] == '\n') {  // block comments open and close only alone on a line
      const std::string_view alone = trim(rest);
      const bool opens = alone == "%{";
      const bool closes = alone == "%}" && block_comments > 0;
      block_comments += opens ? 1 : closes ? -1 : 0;
      if (opens || closes || block_comments > 0) {
        i = line_end - 1;
        continue;
      }
    }
    if (!in_text && c == '%') {
      i = line_end - 1;
      continue;
    }
    if (!in_text && rest.substr(0, 3) == "...") {  // the statement goes on in the next line
      put(' ');
      i = line_end < source.size() ? line_end : line_end - 1;
      ++line;
      continue;
    }
    if (c == '\'' &&
        (in_text || now.text.empty() ||
         !(word_character(now.text.back()) || now.text.back() == ')' || now.text.back() == ']'))) {
      in_text = !in_text;
    }
    if (!in_text) {
      depth += c == '[' || c == '{' || c == '(' ? 1 : c == ']' || c == '}' || c == ')' ? -1 : 0;
      if (c == ';' && depth == 0) {
        end_statement();
        continue;
      }
    }
    put(c);
  }
  end_statement();
  return statements;
}

std::map<std::string, double, std::less<>> matpower_constants() {
  return {{"PQ", 1},
          {"PV", 2},
          {"REF", 3},
          {"NONE", 4},
          {"BUS_I", 1},
          {"BUS_TYPE", 2},
          {"PD", 3},
          {"QD", 4},
          {"GS", 5},
          {"BS", 6},
          {"BUS_AREA", 7},
          {"VM", 8},
          {"VA", 9},
          {"BASE_KV", 10},
          {"ZONE", 11},
          {"VMAX", 12},
          {"VMIN", 13},
          {"F_BUS", 1},
          {"T_BUS", 2},
          {"BR_R", 3},
          {"BR_X", 4},
          {"BR_B", 5},
          {"RATE_A", 6},
          {"RATE_B", 7},
          {"RATE_C", 8},
          {"TAP", 9},
          {"SHIFT", 10},
          {"BR_STATUS", 11},
          {"ANGMIN", 12},
          {"ANGMAX", 13},
          {"GEN_BUS", 1},
          {"PG", 2},
          {"QG", 3},
          {"QMAX", 4},
          {"QMIN", 5},
          {"VG", 6},
          {"MBASE", 7},
          {"GEN_STATUS", 8},
          {"PMAX", 9},
          {"PMIN", 10},
          {"pi", 3.14159265358979323846}};
}

namespace {

class Evaluator {
 public:
  Evaluator(std::string_view text, const Scope& scope) : text_(text), scope_(scope) {}

  Value whole() {
    Value value = sum();
    skip_space();
    if (at_ != text_.size()) {
      throw Refused{fmt::format("'{}' is not understood", text_.substr(at_))};
    }
    return value;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
  }
  bool take(std::string_view token) {
    skip_space();
    if (text_.substr(at_, token.size()) != token) {
      return false;
    }
    at_ += token.size();
    return true;
  }

  template <class Operation>
  static Value combine(const Value& a, const Value& b, Operation operation) {
    if (!a.scalar() && !b.scalar() &&
        (a.columns != b.columns || a.values.size() != b.values.size())) {
      throw Refused{"the two sides have different sizes"};
    }
    Value result = a.scalar() ? b : a;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
      result.values[i] = operation(a.values[a.scalar() ? 0 : i], b.values[b.scalar() ? 0 : i]);
    }
    return result;
  }

  Value sum() {
    Value value = product();
    for (;;) {
      if (take("+")) {
        value = combine(value, product(), [](double a, double b) { return a + b; });
      } else if (take("-")) {
        value = combine(value, product(), [](double a, double b) { return a - b; });
      } else {
        return value;
      }
    }
  }
  Value product() {
    Value value = power();
    for (;;) {
      const bool element_times = take(".*");
      if (element_times || take("*")) {
        const Value right = power();
        if (!element_times && !value.scalar() && !right.scalar()) {
          throw Refused{"a product of matrices is not element-wise (write .* if it is meant so)"};
        }
        value = combine(value, right, [](double a, double b) { return a * b; });
        continue;
      }
      const bool element_over = take("./");
      if (element_over || take("/")) {
        const Value right = power();
        if (!element_over && !right.scalar()) {
          throw Refused{"a division by a matrix is not element-wise"};
        }
        value = combine(value, right, [](double a, double b) { return a / b; });
        continue;
      }
      return value;
    }
  }
  Value power() {
    Value base = unary();
    if (take(".^") || take("^")) {
      const Value exponent = unary();
      if (!base.scalar() || !exponent.scalar()) {
        throw Refused{"powers of matrices are not supported"};
      }
      return combine(base, exponent, [](double a, double b) { return std::pow(a, b); });
    }
    return base;
  }
  Value unary() {
    if (++nesting_ > kDeepestNesting) {
      throw Refused{"it is nested too deeply"};
    }
    Value value = signed_value();
    --nesting_;
    return value;
  }
  Value signed_value() {
    if (take("-")) {
      Value value = power();
      for (double& element : value.values) {
        element = -element;
      }
      return value;
    }
    if (take("+")) {
      return power();
    }
    if (take("(")) {
      Value value = sum();
      expect(")");
      return value;
    }
    return atom();
  }
  void expect(std::string_view token) {
    if (!take(token)) {
      throw Refused{fmt::format("'{}' is missing", token)};
    }
  }
  std::string name() {
    std::string word;
    while (at_ < text_.size() && word_character(text_[at_])) {
      word += text_[at_++];
    }
    return word;
  }
  Value atom() {
    skip_space();
    if (at_ < text_.size() &&
        (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.')) {
      double number = 0.0;
      const auto [end, error] =
          std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
      if (error != std::errc{}) {
        throw Refused{fmt::format("'{}' is not a number", text_.substr(at_))};
      }
      at_ = static_cast<std::size_t>(end - text_.data());
      return {1, {number}};
    }
    const std::string word = name();
    if (word.empty()) {
      throw Refused{fmt::format("'{}' is not understood", text_.substr(at_))};
    }
    if (word == "mpc" && take(".")) {
      return field(name());
    }
    if (word == "Inf" || word == "inf") {
      return {1, {INFINITY}};
    }
    using Function = double (*)(double);
    static const std::map<std::string, Function, std::less<>> functions = {
        {"sin", std::sin},   {"cos", std::cos},   {"tan", std::tan},   {"asin", std::asin},
        {"acos", std::acos}, {"atan", std::atan}, {"sqrt", std::sqrt}, {"abs", std::fabs}};
    const auto function = functions.find(word);
    if (function != functions.end() && take("(")) {
      Value value = sum();
      expect(")");
      for (double& element : value.values) {
        element = function->second(element);
      }
      return value;
    }
    const auto scalar = scope_.scalars.find(word);
    if (scalar == scope_.scalars.end()) {
      throw Refused{fmt::format("'{}' is not known", word)};
    }
    return {1, {scalar->second}};
  }
  Value field(const std::string& which) {
    const auto scalar = scope_.scalars.find("mpc." + which);
    if (scalar != scope_.scalars.end()) {
      return {1, {scalar->second}};
    }
    const auto found = scope_.matrices.find(which);
    if (found == scope_.matrices.end()) {
      throw Refused{fmt::format("mpc.{} is not known here", which)};
    }
    const MatpowerMatrix& matrix = found->second;
    if (!take("(")) {
      return {matrix.columns, matrix.values};
    }
    const std::size_t close = text_.find(')', at_);
    const std::size_t comma = text_.find(',', at_);
    if (close == std::string_view::npos || comma == std::string_view::npos || comma > close) {
      throw Refused{fmt::format("mpc.{}(rows, columns) is expected", which)};
    }
    const std::string_view rows = text_.substr(at_, comma - at_);
    const std::vector<std::size_t> columns =
        column_list(text_.substr(comma + 1, close - comma - 1), scope_);
    at_ = close + 1;
    for (const std::size_t column : columns) {
      if (column >= matrix.columns) {
        throw Refused{fmt::format("mpc.{} has no column {}", which, column + 1)};
      }
    }
    std::vector<std::size_t> chosen;
    if (rows.find(':') != std::string_view::npos) {
      for (std::size_t row = 0; row < matrix.rows(); ++row) {
        chosen.push_back(row);
      }
    } else {
      const Value row = evaluate(rows, scope_);
      if (!row.scalar() || !(row.values[0] >= 1) ||
          row.values[0] > static_cast<double>(matrix.rows()) ||
          row.values[0] != std::floor(row.values[0])) {
        throw Refused{fmt::format("mpc.{} has no row '{}'", which, rows)};
      }
      chosen.push_back(static_cast<std::size_t>(row.values[0]) - 1);
    }
    Value value{columns.size(), {}};
    for (const std::size_t row : chosen) {
      for (const std::size_t column : columns) {
        value.values.push_back(matrix.at(row, column));
      }
    }
    return value;
  }

  std::string_view text_;
  const Scope& scope_;
  std::size_t at_ = 0;
  int nesting_ = 0;
};

}  // namespace

Value evaluate(std::string_view text, const Scope& scope) { return Evaluator(text, scope).whole(); }

std::vector<std::size_t> column_list(std::string_view text, const Scope& scope) {
  std::string inner(text);
  const std::size_t open = inner.find('[');
  if (open != std::string::npos) {
    inner = inner.substr(open + 1, inner.find(']') - open - 1);
  }
  std::vector<std::size_t> columns;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) {
      return;
    }
    const Value value = evaluate(word, scope);
    if (!value.scalar() || !(value.values[0] >= 1.0 && value.values[0] <= kMostColumns) ||
        value.values[0] != std::floor(value.values[0])) {
      throw Refused{fmt::format("'{}' is not a column", word)};
    }
    columns.push_back(static_cast<std::size_t>(value.values[0]) - 1);
    word.clear();
  };
  for (const char c : inner) {
    if (c == ',' || std::isspace(static_cast<unsigned char>(c)) != 0) {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  if (columns.empty()) {
    throw Refused{"a column is expected"};
  }
  return columns;
}

}  // namespace wintergrid::scenario::matlab
