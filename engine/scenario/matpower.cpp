#include "engine/scenario/matpower.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <numbers>

#include <fmt/format.h>

#include "engine/io/source_text.hpp"
#include "engine/scenario/matlab_text.hpp"

namespace wintergrid::scenario {
namespace {

constexpr std::uint64_t kLargestBytes = 256 * io::kMebibyte;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos
             ? std::string{}
             : std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

bool is_word(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
         });
}

class Reader {
 public:
  Reader(std::string path, Diagnostics& diagnostics)
      : path_(std::move(path)), diagnostics_(diagnostics) {}

  MatpowerCase read() {
    MatpowerCase result;
    result.file = path_;
    const auto source = io::read_source(path_, kLargestBytes, {path_, 0, 0}, diagnostics_);
    if (!source) {
      return result;
    }
    if (source->text().find_first_not_of(" \t\r\n") == std::string_view::npos) {
      diagnostics_.error(ErrorCode::file, {path_, 1, 1}, "the file is empty",
                         "give a MATPOWER case of version 2");
      return result;
    }
    scope_.scalars = matlab::matpower_constants();
    for (const matlab::Statement& statement : matlab::split_statements(source->text())) {
      try {
        apply(statement, result);
      } catch (const matlab::Refused& refused) {
        std::string shown = statement.text.substr(0, 60);
        std::replace(shown.begin(), shown.end(), '\n', ' ');
        diagnostics_.error(
            ErrorCode::statement, {path_, statement.line(), 0},
            fmt::format("statement '{}' cannot be applied safely: {}", shown, refused.why),
            "run it in MATPOWER or Octave and save the case (savecase), then import that");
      }
    }
    finish(result);
    return result;
  }

 private:
  void apply(const matlab::Statement& statement, MatpowerCase& result) {
    const std::string& text = statement.text;
    if (text.rfind("function", 0) == 0) {
      const std::size_t equals = text.find('=');
      result.name = trimmed(equals == std::string::npos ? text.substr(8) : text.substr(equals + 1));
      if (text.find("mpc") == std::string::npos) {
        throw matlab::Refused{"only version 2 cases (function mpc = NAME) are read"};
      }
      return;
    }
    if (text == "end" || text == "return" || text == "define_constants") {
      return;
    }
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || text.compare(equals, 2, "==") == 0) {
      throw matlab::Refused{"it is not an assignment"};
    }
    const std::string target = trimmed(text.substr(0, equals));
    const std::string value = trimmed(text.substr(equals + 1));
    if (target.empty() || value.empty()) {
      throw matlab::Refused{"an assignment needs a target and a value"};
    }
    if (target.front() == '[') {
      if (value.rfind("idx_", 0) != 0) {
        throw matlab::Refused{"only idx_bus, idx_brch, idx_gen and idx_cost may be called"};
      }
      return;  // their constants are known
    }
    if (is_word(target)) {
      const matlab::Value number = matlab::evaluate(value, scope_);
      if (!number.scalar()) {
        throw matlab::Refused{"only scalars may be assigned to a variable"};
      }
      scope_.scalars[target] = number.values[0];
      return;
    }
    if (target.rfind("mpc.", 0) != 0) {
      throw matlab::Refused{"only fields of mpc and scalars may be assigned"};
    }
    assign_field(statement, trimmed(target.substr(4)), value, equals);
  }

  void assign_field(const matlab::Statement& statement, const std::string& field,
                    const std::string& value, std::size_t equals) {
    if (field == "version") {
      if (value.find('2') == std::string::npos) {
        throw matlab::Refused{"only version 2 cases are read"};
      }
      return;
    }
    const std::size_t open = field.find('(');
    if (open != std::string::npos) {
      assign_columns(trimmed(field.substr(0, open)), field.substr(open), value);
    } else if (value.front() == '[') {
      scope_.matrices[field] = matrix(statement, equals);
    } else if (value.front() != '{' &&
               value.front() != '\'') {  // cell arrays and texts carry names only
      const matlab::Value number = matlab::evaluate(value, scope_);
      if (number.scalar()) {
        scope_.scalars["mpc." + field] = number.values[0];
      } else {
        throw matlab::Refused{"a whole matrix may not be computed"};
      }
    }
  }

  /// mpc.FIELD(:, COLUMNS) = expression
  void assign_columns(const std::string& field, const std::string& index,
                      const std::string& value) {
    const auto found = scope_.matrices.find(field);
    if (found == scope_.matrices.end()) {
      throw matlab::Refused{fmt::format("mpc.{} is not known here", field)};
    }
    MatpowerMatrix& matrix = found->second;
    const std::size_t comma = index.find(',');
    const std::size_t close = index.rfind(')');
    if (comma == std::string::npos || close == std::string::npos ||
        trimmed(index.substr(1, comma - 1)) != ":") {
      throw matlab::Refused{"only whole columns, mpc.FIELD(:, COLUMNS), may be assigned"};
    }
    const std::vector<std::size_t> columns =
        matlab::column_list(index.substr(comma + 1, close - comma - 1), scope_);
    const matlab::Value right = matlab::evaluate(value, scope_);
    if (!right.scalar() && (right.columns != columns.size() ||
                            right.values.size() != columns.size() * matrix.rows())) {
      throw matlab::Refused{"the two sides have different sizes"};
    }
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
      for (std::size_t k = 0; k < columns.size(); ++k) {
        if (columns[k] >= matrix.columns) {
          throw matlab::Refused{fmt::format("mpc.{} has no column {}", field, columns[k] + 1)};
        }
        matrix.values[row * matrix.columns + columns[k]] =
            right.values[right.scalar() ? 0 : row * columns.size() + k];
      }
    }
  }

  MatpowerMatrix matrix(const matlab::Statement& statement, std::size_t equals) {
    MatpowerMatrix result;
    const std::size_t open = statement.text.find('[', equals);
    const std::size_t close = statement.text.rfind(']');
    if (close == std::string::npos || close < open) {
      throw matlab::Refused{"']' is missing"};
    }
    if (close + 1 != statement.text.size()) {
      throw matlab::Refused{
          fmt::format("'{}' follows the matrix", statement.text.substr(close + 1, 20))};
    }
    std::vector<double> row;
    std::string word;
    std::size_t line = statement.line();
    const auto end_word = [&] {
      if (word.empty()) {
        return;
      }
      const matlab::Value value = matlab::evaluate(word, scope_);
      if (!value.scalar() || std::isnan(value.values[0])) {
        throw matlab::Refused{fmt::format("'{}' in line {} is not a number", word, line)};
      }
      row.push_back(value.values[0]);
      word.clear();
    };
    const auto end_row = [&] {
      end_word();
      if (row.empty()) {
        return;
      }
      if (result.columns == 0) {
        result.columns = row.size();
      }
      if (row.size() != result.columns) {
        throw matlab::Refused{fmt::format("the row in line {} has {} numbers, the first has {}",
                                          line, row.size(), result.columns)};
      }
      result.values.insert(result.values.end(), row.begin(), row.end());
      result.lines.push_back(line);
      row.clear();
    };
    for (std::size_t i = open + 1; i < close; ++i) {
      const char c = statement.text[i];
      if (c == ';') {
        end_row();
      } else if (c == ',' || std::isspace(static_cast<unsigned char>(c)) != 0) {
        end_word();
      } else {
        if (row.empty() && word.empty()) {
          line = statement.line_of[i];
        }
        word += c;
      }
    }
    end_row();
    return result;
  }

  void finish(MatpowerCase& result) {
    const auto base = scope_.scalars.find("mpc.baseMVA");
    if (base != scope_.scalars.end()) {
      result.base_mva = base->second;
    } else {
      diagnostics_.error(ErrorCode::missing, {path_, 0, 0}, "mpc.baseMVA is missing",
                         "is this a MATPOWER case of version 2?");
    }
    const auto take = [&](const char* field, std::size_t least_columns, MatpowerMatrix& into) {
      const auto found = scope_.matrices.find(field);
      if (found == scope_.matrices.end()) {
        diagnostics_.error(ErrorCode::missing, {path_, 0, 0},
                           fmt::format("mpc.{} is missing", field),
                           "is this a MATPOWER case of version 2?");
      } else if (found->second.rows() == 0 || found->second.columns < least_columns) {
        diagnostics_.error(
            ErrorCode::syntax, {path_, 0, 0},
            fmt::format("mpc.{} has {} rows and {} columns (needs rows, and at least {} columns)",
                        field, found->second.rows(), found->second.columns, least_columns));
      } else {
        into = found->second;
      }
    };
    take("bus", 13, result.bus);
    take("gen", 10, result.gen);
    take("branch", 11, result.branch);
    if (!(result.base_mva > 0.0) || std::isinf(result.base_mva)) {
      diagnostics_.error(ErrorCode::range, {path_, 0, 0},
                         fmt::format("mpc.baseMVA is {} (must be > 0)", result.base_mva));
    }
    check_finite("bus", result.bus,
                 {matpower::kBusNumber, matpower::kBusType, matpower::kLoadMw, matpower::kShuntMw,
                  matpower::kAngleDeg, matpower::kBaseKv});
    check_finite("branch", result.branch,
                 {matpower::kFromBus, matpower::kToBus, matpower::kReactance, matpower::kTap,
                  matpower::kShiftDeg, matpower::kStatus});
    check_finite("gen", result.gen,
                 {matpower::kGenBus, matpower::kGenMw, matpower::kGenStatus, matpower::kGenMaxMw});
  }

  /// Limits of flow may be Inf; what enters an equation may not.
  void check_finite(const char* field, const MatpowerMatrix& matrix,
                    std::initializer_list<std::size_t> columns) {
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
      for (const std::size_t column : columns) {
        if (!std::isfinite(matrix.at(row, column))) {
          diagnostics_.error(ErrorCode::type, {path_, matrix.lines[row], 0},
                             fmt::format("column {} of mpc.{} is {} (must be a finite number)",
                                         column + 1, field, matrix.at(row, column)));
        }
      }
    }
  }

  std::string path_;
  Diagnostics& diagnostics_;
  matlab::Scope scope_;
};

}  // namespace

MatpowerCase read_matpower(const std::string& path, Diagnostics& diagnostics) {
  return Reader(path, diagnostics).read();
}

MatpowerNetwork to_network(const MatpowerCase& matpower_case, Diagnostics& diagnostics) {
  MatpowerNetwork result;
  const MatpowerMatrix& bus = matpower_case.bus;
  const MatpowerMatrix& gen = matpower_case.gen;
  const MatpowerMatrix& branch = matpower_case.branch;
  power::Network& network = result.network;
  network.bus_count = bus.rows();
  network.base_mva = matpower_case.base_mva;
  std::map<long, std::uint32_t> position;
  for (std::size_t i = 0; i < bus.rows(); ++i) {
    const long number = std::lround(bus.at(i, matpower::kBusNumber));
    if (!position.emplace(number, static_cast<std::uint32_t>(i)).second) {
      diagnostics.error(ErrorCode::twice, {matpower_case.file, bus.lines[i], 0},
                        fmt::format("bus {} is defined twice", number));
    }
    result.bus_number.push_back(number);
    result.load_mw.push_back(bus.at(i, matpower::kLoadMw));
    result.shunt_mw.push_back(bus.at(i, matpower::kShuntMw));
    result.angle_rad.push_back(bus.at(i, matpower::kAngleDeg) * std::numbers::pi / 180.0);
    result.bus_up.push_back(bus.at(i, matpower::kBusType) == matpower::kIsolatedBusType ? 0 : 1);
    if (bus.at(i, matpower::kBusType) == matpower::kReferenceBusType) {
      result.reference_bus = i;
    }
  }
  const auto find = [&](double number, std::size_t line, const char* what) -> std::uint32_t {
    const auto found = position.find(std::lround(number));
    if (found == position.end()) {
      diagnostics.error(ErrorCode::reference, {matpower_case.file, line, 0},
                        fmt::format("a {} refers to bus {}, which does not exist", what, number));
      return 0;
    }
    return found->second;
  };
  for (std::size_t i = 0; i < gen.rows(); ++i) {
    const bool up = gen.at(i, matpower::kGenStatus) > 0.0;
    network.generator_bus.push_back(find(gen.at(i, matpower::kGenBus), gen.lines[i], "generator"));
    network.generator_capacity_mw.push_back(std::max(0.0, gen.at(i, matpower::kGenMaxMw)));
    result.generator_up.push_back(up ? 1 : 0);
    result.generator_mw.push_back(up ? gen.at(i, matpower::kGenMw) : 0.0);
  }
  for (std::size_t i = 0; i < branch.rows(); ++i) {
    network.branch_from.push_back(
        find(branch.at(i, matpower::kFromBus), branch.lines[i], "branch"));
    network.branch_to.push_back(find(branch.at(i, matpower::kToBus), branch.lines[i], "branch"));
    const double reactance = branch.at(i, matpower::kReactance);
    if (reactance == 0.0) {
      diagnostics.error(ErrorCode::network, {matpower_case.file, branch.lines[i], 0},
                        "a branch has reactance 0 (must not be 0 in a DC power flow)",
                        "merge its buses, or give a small reactance");
    }
    const double tap = branch.at(i, matpower::kTap) == 0.0 ? 1.0 : branch.at(i, matpower::kTap);
    network.branch_susceptance_pu.push_back(1.0 / (reactance * tap));
    network.branch_shift_rad.push_back(branch.at(i, matpower::kShiftDeg) * std::numbers::pi /
                                       180.0);
    const double rate = branch.at(i, matpower::kRateA);
    network.branch_limit_mw.push_back(rate > 0.0 ? rate : power::kNoLimit);
    result.branch_up.push_back(branch.at(i, matpower::kStatus) > 0.0 ? 1 : 0);
  }
  return result;
}

}  // namespace wintergrid::scenario
