// Tables of a heat network, one file per kind of element, columns as in pandapipes.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "engine/io/source_text.hpp"
#include "engine/io/suggest.hpp"
#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/heat_network.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/number_text.hpp"

namespace wintergrid::scenario {
namespace {

constexpr double kAmbientK = 293.15;  // pandapipes' default surroundings

struct Limits {
  double low, high;
};
constexpr Limits kAny{-1e300, 1e300}, kPositive{1e-12, 1e300}, kNotNegative{0.0, 1e300};
constexpr Limits kTemperature{200.0, 600.0};
// Barometric pressure is that of the troposphere.
constexpr Limits kHeight{-1000.0, 10000.0};

/// A whole table; an unnamed first column is "index".
class ElementTable {
 public:
  ElementTable(const std::string& path, Diagnostics& diagnostics) : path_(path), out_(diagnostics) {
    const auto source = io::read_source(path, 256 * io::kMebibyte, {path, 0, 0}, diagnostics);
    if (!source) {
      return;
    }
    CsvReader reader(*source, diagnostics);
    std::vector<CsvCell> record;
    if (!reader.next(record)) {
      diagnostics.error(ErrorCode::file, {path, 0, 0}, "the table is empty",
                        "the first line names the columns");
      return;
    }
    for (std::size_t k = 0; k < record.size(); ++k) {
      const std::string name = record[k].text.empty() && k == 0 ? "index" : record[k].text;
      if (!column_.emplace(name, k).second) {
        diagnostics.error(ErrorCode::twice, {path, record[k].line, record[k].column},
                          fmt::format("column {} is there twice", in_quotes(name)));
      }
    }
    while (reader.next(record)) {
      if (record.size() > column_.size()) {
        diagnostics.error(
            ErrorCode::syntax, {path, record.front().line, 0},
            fmt::format("{} cells in a table of {} columns", record.size(), column_.size()),
            "put text with commas in quotes");
      }
      rows_.push_back(record);
    }
  }

  std::size_t size() const { return rows_.size(); }
  bool has(const std::string& column) const { return column_.contains(column); }

  /// The cell's text; empty for a missing column or cell and for the ways programs write "nothing".
  std::string text(std::size_t row, const std::string& column) const {
    const CsvCell* cell = find(row, column);
    if (cell == nullptr || cell->text == "nan" || cell->text == "NaN" || cell->text == "None" ||
        cell->text == "null") {
      return {};
    }
    return cell->text;
  }

  /// The number in the first of `columns` that has one; `otherwise` if none has, an error without
  /// it.
  double number(std::size_t row, std::initializer_list<const char*> columns, Limits limits,
                std::optional<double> otherwise = {}) const {
    for (const char* column : columns) {
      const std::string cell = text(row, column);
      if (cell.empty()) {
        continue;
      }
      const std::optional<double> value = to_double(cell);
      if (!value || *value < limits.low || *value > limits.high) {
        wrong(value ? ErrorCode::range : ErrorCode::type, row, column,
              value
                  ? fmt::format("{} is {} (must be {})", in_quotes(column), cell,
                                limits.low == kPositive.low ? std::string("> 0")
                                : limits.high > 1e200
                                    ? std::string(">= 0")
                                    : fmt::format("{} to {}", limits.low, limits.high))
                  : fmt::format("{} is {} (must be a number)", in_quotes(column), in_quotes(cell)));
        return otherwise.value_or(limits.low > 0.0 ? 1.0 : 0.0);
      }
      return *value;
    }
    if (!otherwise) {
      wrong(ErrorCode::missing, row, *columns.begin(),
            fmt::format("{} is missing", in_quotes(*columns.begin())));
    }
    return otherwise.value_or(1.0);
  }

  bool flag(std::size_t row, const std::string& column, bool otherwise) const {
    const std::string cell = lower_case(text(row, column));
    if (cell.empty()) {
      return otherwise;
    }
    const bool yes = cell == "true" || cell == "1" || cell == "1.0" || cell == "yes";
    if (!yes && cell != "false" && cell != "0" && cell != "0.0" && cell != "no") {
      wrong(ErrorCode::type, row, column,
            fmt::format("{} is {} (must be True or False)", in_quotes(column), in_quotes(cell)));
    }
    return yes;
  }

  void wrong(ErrorCode code, std::size_t row, const std::string& column, std::string problem,
             std::string hint = {}) const {
    const CsvCell* cell = find(row, column);
    const SourcePlace place = cell != nullptr ? SourcePlace{path_, cell->line, cell->column}
                                              : SourcePlace{path_, rows_[row].front().line, 0};
    out_.error(code, place, std::move(problem), std::move(hint));
  }

 private:
  const CsvCell* find(std::size_t row, const std::string& column) const {
    const auto at = column_.find(column);
    return at == column_.end() || at->second >= rows_[row].size() ? nullptr
                                                                  : &rows_[row][at->second];
  }

  std::string path_;
  Diagnostics& out_;
  std::map<std::string, std::size_t> column_;
  std::vector<std::vector<CsvCell>> rows_;
};

/// Names without decimals where a program wrote a whole number as 3.0.
std::string key_of(const std::string& text) {
  const std::optional<double> value = to_double(text);
  return value && *value == std::floor(*value) && std::abs(*value) < 1e15
             ? fmt::format("{}", static_cast<long long>(*value))
             : text;
}

class TableSet {
 public:
  TableSet(std::string folder, std::string name, Diagnostics& diagnostics)
      : folder_(std::move(folder)), name_(std::move(name)), out_(diagnostics) {}

  std::optional<NamedHeatNetwork> read() {
    junctions();
    pipes();
    flows("sink", -1.0);
    flows("source", 1.0);
    ext_grids();
    pumps();
    consumers();
    others();
    if (!out_.ok()) {
      return std::nullopt;
    }
    return std::move(result_);
  }

 private:
  using Row = std::function<void(const ElementTable&, std::size_t)>;

  std::string path_of(const std::string& kind) const {
    return folder_ + "/" + name_ + "_" + kind + ".csv";
  }

  void each(const std::string& kind, bool required, const Row& row) {
    std::error_code error;
    if (!required && !std::filesystem::exists(path_of(kind), error)) {
      return;
    }
    const ElementTable table(path_of(kind), out_);
    for (std::size_t k = 0; k < table.size(); ++k) {
      row(table, k);
    }
  }

  std::string name_of(const ElementTable& table, std::size_t row) const {
    const std::string index = table.text(row, "index");
    return index.empty() ? std::to_string(row) : key_of(index);
  }

  void junctions() {
    each("junction", true, [&](const ElementTable& table, std::size_t row) {
      const std::string name = name_of(table, row);
      if (!node_.emplace(name, static_cast<std::uint32_t>(node_.size())).second) {
        table.wrong(ErrorCode::twice, row, "index",
                    fmt::format("junction {} is there twice", in_quotes(name)));
        return;
      }
      result_.node_names.push_back(name);
      result_.network.height_m.push_back(table.number(row, {"height_m"}, kHeight, 0.0));
      fluid_k_.push_back(table.number(row, {"tfluid_k"}, kTemperature, kAmbientK));
      in_service_.push_back(table.flag(row, "in_service", true));
    });
    result_.network.start_k = fluid_k_.empty() ? kAmbientK : fluid_k_.front();
  }

  std::uint32_t node(const ElementTable& table, std::size_t row, const std::string& column) {
    const std::string given = table.text(row, column), key = key_of(given);
    const auto at = node_.find(key);
    if (at == node_.end()) {
      table.wrong(
          ErrorCode::reference, row, column,
          fmt::format("{} is {}, which is not a junction", in_quotes(column), in_quotes(given)),
          io::did_you_mean(key, result_.node_names));
      return 0;
    }
    return at->second;
  }

  /// Two different nodes; both must be in service for the element to be.
  bool ends(const ElementTable& table, std::size_t row, const char* from_column,
            const char* to_column, std::uint32_t& from, std::uint32_t& to) {
    from = node(table, row, from_column);
    to = node(table, row, to_column);
    if (out_.ok() && from == to) {
      table.wrong(ErrorCode::network, row, to_column, "begins and ends at the same junction");
    }
    return table.flag(row, "in_service", true) && !node_.empty() && in_service_[from] &&
           in_service_[to];
  }

  void pipes() {
    each("pipe", true, [&](const ElementTable& table, std::size_t row) {
      heat::ThermalPipe pipe;
      pipe.in_service = ends(table, row, "from_junction", "to_junction", pipe.from, pipe.to);
      pipe.length_m = 1000.0 * table.number(row, {"length_km"}, kNotNegative);
      pipe.inner_diameter_m = table.has("inner_diameter_mm") || !table.has("diameter_m")
                                  ? table.number(row, {"inner_diameter_mm"}, kPositive) / 1000.0
                                  : table.number(row, {"diameter_m"}, kPositive);
      pipe.outer_diameter_m =
          table.number(row, {"outer_diameter_mm"}, kPositive, 1000.0 * pipe.inner_diameter_m) /
          1000.0;
      pipe.roughness_m =
          table.number(row, {"k_mm"}, {0.0, 50.0 * pipe.inner_diameter_m}, 0.2) / 1000.0;
      pipe.loss_coefficient = table.number(row, {"loss_coefficient"}, kNotNegative, 0.0);
      pipe.u_w_per_m2_k = table.number(row, {"u_w_per_m2k", "alpha_w_per_m2k"}, kNotNegative, 0.0);
      pipe.ambient_k = table.number(row, {"text_k"}, kTemperature, kAmbientK);
      pipe.heat_extracted_w = table.number(row, {"qext_w"}, kAny, 0.0);
      result_.network.pipes.push_back(pipe);
      result_.pipe_names.push_back(name_of(table, row));
    });
  }

  void flows(const std::string& kind, double sign) {
    each(kind, false, [&](const ElementTable& table, std::size_t row) {
      heat::Injection injection;
      injection.node = node(table, row, "junction");
      injection.flow_kg_s = sign * table.number(row, {"mdot_kg_per_s"}, kAny, 0.0) *
                            table.number(row, {"scaling"}, kAny, 1.0);
      injection.in_service =
          table.flag(row, "in_service", true) && !node_.empty() && in_service_[injection.node];
      injection.temperature_k = fluid_k_.empty() ? kAmbientK : fluid_k_[injection.node];
      result_.network.injections.push_back(injection);
    });
  }

  void ext_grids() {
    each("ext_grid", false, [&](const ElementTable& table, std::size_t row) {
      heat::FixedNode fixed;
      fixed.node = node(table, row, "junction");
      std::string type = table.text(row, "type");
      if (type.empty() || type == "auto") {
        type = std::string(table.text(row, "p_bar").empty() ? "" : "p") +
               (table.text(row, "t_k").empty() ? "" : "t");
      }
      if (type != "p" && type != "t" && type != "pt" && type != "tp") {
        table.wrong(ErrorCode::type, row, "type",
                    fmt::format("'type' is {} (must be p, t or pt)", in_quotes(type)));
        return;
      }
      fixed.holds_pressure = type != "t";
      fixed.holds_temperature = type != "p";
      fixed.pressure_bar = fixed.holds_pressure ? table.number(row, {"p_bar"}, kAny) : 0.0;
      fixed.temperature_k = fixed.holds_temperature ? table.number(row, {"t_k"}, kTemperature)
                                                    : result_.network.start_k;
      fixed.in_service =
          table.flag(row, "in_service", true) && !node_.empty() && in_service_[fixed.node];
      result_.network.fixed.push_back(fixed);
    });
    average_fixed();
  }

  /// Several grids at one junction hold the mean of what they state, as pandapipes does.
  void average_fixed() {
    auto& all = result_.network.fixed;
    for (std::size_t i = 0; i < all.size(); ++i) {
      double pressure = 0.0, temperature = 0.0;
      int pressures = 0, temperatures = 0;
      for (const auto& other : all) {
        if (other.node != all[i].node || !other.in_service) {
          continue;
        }
        pressure += other.holds_pressure ? other.pressure_bar : 0.0;
        pressures += other.holds_pressure ? 1 : 0;
        temperature += other.holds_temperature ? other.temperature_k : 0.0;
        temperatures += other.holds_temperature ? 1 : 0;
      }
      // The first one at a node is the one that counts.
      const auto first = std::find_if(all.begin(), all.end(), [&](const heat::FixedNode& other) {
        return other.node == all[i].node && other.in_service;
      });
      if (first == all.begin() + static_cast<std::ptrdiff_t>(i)) {
        all[i].pressure_bar = pressures > 0 ? pressure / pressures : 0.0;
        all[i].temperature_k = temperatures > 0 ? temperature / temperatures : kAmbientK;
        all[i].holds_pressure = pressures > 0;
        all[i].holds_temperature = temperatures > 0;
      } else {
        all[i].in_service = false;
      }
    }
  }

  void pumps() {
    each("circ_pump_pressure", false, [&](const ElementTable& table, std::size_t row) {
      heat::CirculationPump pump;
      pump.in_service = ends(table, row, "return_junction", "flow_junction", pump.from, pump.to);
      pump.pressure_bar = table.number(row, {"p_flow_bar"}, kAny);
      pump.lift_bar = table.number(row, {"plift_bar"}, kPositive);
      pump.temperature_k = table.number(row, {"t_flow_k"}, kTemperature);
      pump.heat_limit_w = table.number(row, {"qmax_w"}, kNotNegative, pump.heat_limit_w);
      result_.network.pumps.push_back(pump);
      result_.pump_names.push_back(name_of(table, row));
    });
  }

  void consumers() {
    each("heat_consumer", false, [&](const ElementTable& table, std::size_t row) {
      heat::ThermalConsumer consumer;
      consumer.in_service =
          ends(table, row, "from_junction", "to_junction", consumer.from, consumer.to);
      const double heat = table.number(row, {"qext_w"}, kNotNegative, -1.0);
      const double flow = table.number(row, {"controlled_mdot_kg_per_s"}, kNotNegative, -1.0);
      const double drop = table.number(row, {"deltat_k"}, kPositive, -1.0);
      const double back = table.number(row, {"treturn_k"}, kTemperature, -1.0);
      const double c = result_.network.water.at(back > 0.0 ? back : 333.15).heat_capacity_j_kg_k;
      if (heat >= 0.0 && back > 0.0) {
        consumer.control = heat::ConsumerControl::return_temperature;
        consumer.heat_w = heat;
        consumer.return_temperature_k = back;
      } else if (heat >= 0.0 && (flow > 0.0 || drop > 0.0)) {
        consumer.heat_w = heat;
        consumer.flow_kg_s = flow > 0.0 ? flow : heat / (c * drop);
      } else if (flow > 0.0 && drop > 0.0) {
        consumer.flow_kg_s = flow;
        consumer.heat_w = flow * c * drop;
      } else {
        table.wrong(ErrorCode::missing, row, "qext_w",
                    "a consumer needs heat with flow, temperature drop or return temperature, or "
                    "flow with temperature drop",
                    "give two of qext_w, controlled_mdot_kg_per_s, deltat_k, treturn_k");
      }
      consumer.valve_kg_s_per_sqrt_bar =
          table.number(row, {"kv_kg_s_per_sqrt_bar"}, kNotNegative, 0.0);
      result_.network.consumers.push_back(consumer);
      result_.consumer_names.push_back(name_of(table, row));
    });
  }

  void others() {
    static const std::vector<std::string> known = {
        "junction", "pipe", "sink", "source", "ext_grid", "circ_pump_pressure", "heat_consumer"};
    std::error_code error;
    std::vector<std::string> ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
      const std::string file = entry.path().filename().string(), start = name_ + "_";
      if (file.rfind(start, 0) != 0 || entry.path().extension() != ".csv") {
        continue;
      }
      const std::string kind = entry.path().stem().string().substr(start.size());
      // NAME_b_junction.csv is of the set NAME_b.
      const bool of_this_set = std::none_of(known.begin(), known.end(), [&](const auto& k) {
        return kind == k || (kind.size() > k.size() &&
                             kind.compare(kind.size() - k.size() - 1, k.size() + 1, "_" + k) == 0);
      });
      if (of_this_set) {
        ignored.push_back(file);
      }
    }
    std::sort(ignored.begin(), ignored.end());
    for (const std::string& file : ignored) {
      out_.warning(ErrorCode::simplified, {folder_ + "/" + file, 0, 0},
                   "tables of this kind are not read", "known kinds: " + join(known));
    }
  }

  std::string folder_, name_;
  Diagnostics& out_;
  NamedHeatNetwork result_;
  std::map<std::string, std::uint32_t> node_;
  std::vector<double> fluid_k_;
  std::vector<bool> in_service_;
};

}  // namespace

std::vector<std::string> heat_table_sets(const std::string& folder) {
  const std::string ending = "_junction.csv";
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string file = entry.path().filename().string();
    if (file.size() > ending.size() &&
        file.compare(file.size() - ending.size(), ending.size(), ending) == 0) {
      names.push_back(file.substr(0, file.size() - ending.size()));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<NamedHeatNetwork> read_heat_network_tables(const std::string& folder,
                                                         const std::string& set_name,
                                                         Diagnostics& diagnostics) {
  return TableSet(folder, set_name, diagnostics).read();
}

}  // namespace wintergrid::scenario
