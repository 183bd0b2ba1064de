// Reads the embedded parameter files. One file:
//   format: 1
//   title: text
//   sources: {key: text, ...}
//   parameters:
//     heat.tau_panel_hours: {value: 40, range: [20, 60], unit: h, distribution: triangular,
//     confidence: D, source: key,
//                            meaning: "text"}
// The files are trusted in origin but not in form: people edit them, so every slip is an error with
// a place.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include <yaml-cpp/yaml.h>

#include "engine/random/parameters.hpp"
#include "grid_models/core/contract.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::random {
namespace {

constexpr std::array<std::string_view, 24> kUnits{
    "share", "C",      "K",     "m",      "m/s", "s",      "h",       "d",
    "km/h",  "kW",     "MW",    "W/K",    "1/K", "1/d",    "1/month", "count",
    "ratio", "weight", "clock", "log_sd", "Hz",  "ohm/km", "Pa/m",    "W/(m K)"};

SourcePlace place_of(const std::string& file, const YAML::Mark& mark) {
  return {file, mark.is_null() ? 0 : static_cast<std::size_t>(mark.line) + 1,
          mark.is_null() ? 0 : static_cast<std::size_t>(mark.column) + 1};
}

bool read_number(const YAML::Node& node, double& number) {
  if (!node.IsScalar()) {
    return false;
  }
  const std::string& text = node.Scalar();
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number, std::chars_format::general);
  return result.ec == std::errc{} && result.ptr == end && std::isfinite(number);
}

/// What the unit allows; empty if fine.
std::string against_unit(std::string_view unit, double number) {
  if (!std::isfinite(number)) {
    return "must be a finite number";
  }
  if (unit == "share" && (number < 0.0 || number > 1.0)) {
    return "must lie in [0, 1]";
  }
  if (unit != "C" && unit != "K" && number < 0.0) {
    return "must be >= 0";
  }
  return {};
}

std::string short_number(double number) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), result.ptr};
}

struct Bound {
  std::string_view of;  ///< a unit, or how names end
  double value;
};
// Far beyond all use, but finite: what casts to whole seconds and loops over time and weapons need
// to end (a gap of a microsecond between waves would never).
constexpr std::array<Bound, 4> kMost{{{"s", 1e9}, {"h", 1e6}, {"d", 1e5}, {"count", 1e6}}};
constexpr double kMostOfOthers = 1e9;
constexpr std::array<Bound, 3> kLeast{
    {{".gap_mean_days", 0.01}, {".gap_shape", 0.01}, {".routine_drones_dispersion", 0.01}}};

/// What the program can work with; empty if fine.
std::string against_limits(const ParameterEntry& entry, double number) {
  const auto most = std::find_if(kMost.begin(), kMost.end(),
                                 [&](const Bound& bound) { return bound.of == entry.unit; });
  const double limit = most == kMost.end() ? kMostOfOthers : most->value;
  if (std::abs(number) > limit) {
    return number > 0.0 ? "must be <= " + short_number(limit)
                        : "must be >= " + short_number(-limit);
  }
  for (const Bound& bound : kLeast) {
    if (entry.name.ends_with(bound.of) && number < bound.value) {
      return "must be >= " + short_number(bound.value);
    }
  }
  return {};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// The three nearest names (by edits, or sharing the last part), for a hint.
std::string nearest_names(const ParameterTable& table, std::string_view name) {
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  for (const ParameterEntry& entry : table.entries) {
    std::size_t distance = edit_distance(name, entry.name);
    const std::string_view entry_last =
        std::string_view(entry.name).substr(entry.name.rfind('.') + 1);
    if (!last.empty() && last == entry_last) {
      distance = std::min<std::size_t>(distance, 3);
    }
    ranked.emplace_back(distance, entry.name);
  }
  std::sort(ranked.begin(), ranked.end());
  std::string text;
  for (std::size_t index = 0; index < ranked.size() && index < 3; ++index) {
    if (ranked[index].first > std::max<std::size_t>(3, name.size() / 2)) {
      break;
    }
    text += (text.empty() ? "did you mean '" : "', '") + std::string(ranked[index].second);
  }
  return text.empty() ? "see data/parameters for the names" : text + "'?";
}

/// Reads files into entries by name.
class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}
  void read(const EmbeddedFile& file);
  std::map<std::string, ParameterEntry>& entries() { return entries_; }

 private:
  void error(ErrorCode code, const YAML::Mark& mark, std::string problem, std::string hint = {}) {
    diagnostics_.error(code, place_of(file_, mark), std::move(problem), std::move(hint));
  }
  /// Keys of a map that are scalars, known and not repeated.
  bool check_keys(const YAML::Node& map, const std::set<std::string>& known,
                  const std::string& what);
  void read_sources(const YAML::Node& node);
  void read_entry(const std::string& name, const YAML::Node& node);
  bool read_text(const YAML::Node& node, const char* key, std::string& text);

  Diagnostics& diagnostics_;
  std::string file_;
  std::map<std::string, std::string> sources_;
  std::map<std::string, ParameterEntry> entries_;
};

bool Reader::check_keys(const YAML::Node& map, const std::set<std::string>& known,
                        const std::string& what) {
  if (!map.IsMap()) {
    error(ErrorCode::type, map.Mark(), what + " must be a map");
    return false;
  }
  std::set<std::string> seen;
  for (const auto& pair : map) {
    if (!pair.first.IsScalar()) {
      error(ErrorCode::type, pair.first.Mark(), "a key of " + what + " is not a word");
      return false;
    }
    const std::string& key = pair.first.Scalar();
    if (!known.empty() && !known.contains(key)) {
      error(ErrorCode::unknown_name, pair.first.Mark(), "unknown key '" + key + "' in " + what);
    }
    if (!seen.insert(key).second) {
      error(ErrorCode::twice, pair.first.Mark(), "key '" + key + "' is given twice in " + what);
    }
  }
  for (const std::string& key : known) {
    if (!seen.contains(key)) {
      error(ErrorCode::missing, map.Mark(), "key '" + key + "' is missing in " + what);
      return false;
    }
  }
  return true;
}

bool Reader::read_text(const YAML::Node& node, const char* key, std::string& text) {
  const YAML::Node child = node[key];
  if (!child.IsScalar() || child.Scalar().empty()) {
    error(ErrorCode::type, child.Mark(), std::string("'") + key + "' must be text");
    return false;
  }
  text = child.Scalar();
  return true;
}

void Reader::read(const EmbeddedFile& file) {
  file_ = "data/parameters/" + std::string(file.name);
  sources_.clear();
  try {
    const YAML::Node root = YAML::Load(std::string(file.text));
    if (!check_keys(root, {"format", "title", "sources", "parameters"}, "the file")) {
      return;
    }
    if (!root["format"].IsScalar() || root["format"].Scalar() != "1") {
      error(ErrorCode::range, root["format"].Mark(), "format must be 1");
      return;
    }
    read_sources(root["sources"]);
    const YAML::Node parameters = root["parameters"];
    if (!check_keys(parameters, {}, "parameters")) {
      return;
    }
    for (const auto& pair : parameters) {
      read_entry(pair.first.Scalar(), pair.second);
    }
  } catch (const YAML::Exception& exception) {
    error(ErrorCode::syntax, exception.mark, exception.msg);
  }
}

void Reader::read_sources(const YAML::Node& node) {
  if (!check_keys(node, {}, "sources")) {
    return;
  }
  for (const auto& pair : node) {
    if (!pair.second.IsScalar() || pair.second.Scalar().empty()) {
      error(ErrorCode::type, pair.second.Mark(),
            "source '" + pair.first.Scalar() + "' must be text");
      continue;
    }
    sources_[pair.first.Scalar()] = pair.second.Scalar();
  }
}

void Reader::read_entry(const std::string& name, const YAML::Node& node) {
  if (!check_keys(node,
                  {"value", "range", "unit", "distribution", "confidence", "source", "meaning"},
                  name)) {
    return;
  }
  ParameterEntry entry;
  entry.name = name;
  entry.name_hash = wintergrid::name_hash(name);
  entry.place = place_of(file_, node.Mark());
  const YAML::Node range = node["range"];
  std::string distribution;
  std::string confidence;
  std::string source;
  if (!read_number(node["value"], entry.value)) {
    return error(ErrorCode::type, node["value"].Mark(), name + ": value must be a decimal number");
  }
  if (!range.IsSequence() || range.size() != 2 || !read_number(range[0], entry.low) ||
      !read_number(range[1], entry.high)) {
    return error(ErrorCode::type, range.Mark(), name + ": range must be [low, high]");
  }
  if (!read_text(node, "unit", entry.unit) || !read_text(node, "distribution", distribution) ||
      !read_text(node, "confidence", confidence) || !read_text(node, "source", source) ||
      !read_text(node, "meaning", entry.meaning)) {
    return;
  }
  if (std::find(kUnits.begin(), kUnits.end(), entry.unit) == kUnits.end()) {
    error(ErrorCode::unknown_name, node["unit"].Mark(),
          name + ": unknown unit '" + entry.unit + "'");
  }
  if (!(entry.low <= entry.value && entry.value <= entry.high)) {
    error(ErrorCode::range, range.Mark(), name + ": value must lie in its range");
  }
  for (const double number : {entry.low, entry.value, entry.high}) {
    const std::string problem = against_unit(entry.unit, number);
    if (!problem.empty()) {
      error(ErrorCode::range, node["value"].Mark(),
            name + ": " + short_number(number) + " " + problem);
      break;
    }
  }
  bool known = false;
  for (std::size_t index = 0; index <= static_cast<std::size_t>(Distribution::lognormal); ++index) {
    if (to_text(static_cast<Distribution>(index)) == distribution) {
      entry.distribution = static_cast<Distribution>(index);
      known = true;
    }
  }
  if (!known) {
    error(ErrorCode::unknown_name, node["distribution"].Mark(),
          name + ": unknown distribution '" + distribution + "'",
          "fixed, uniform, triangular, split_uniform or lognormal");
  }
  if (entry.distribution == Distribution::lognormal && !(entry.low > 0.0)) {
    error(ErrorCode::range, range.Mark(), name + ": a lognormal needs low > 0");
  }
  if (confidence.size() != 1 ||
      std::string_view("SDAU").find(confidence[0]) == std::string_view::npos) {
    error(ErrorCode::type, node["confidence"].Mark(), name + ": confidence must be S, D, A or U");
  } else {
    entry.confidence = confidence[0];
  }
  const auto found = sources_.find(source);
  if (found == sources_.end()) {
    error(ErrorCode::reference, node["source"].Mark(),
          name + ": '" + source + "' is not among the file's sources");
  } else {
    entry.source = found->second;
  }
  if (!entries_.emplace(name, entry).second) {
    error(ErrorCode::twice, node.Mark(), name + ": is given in two files");
  }
}

}  // namespace

const ParameterEntry* ParameterTable::find(std::string_view name) const {
  for (const ParameterEntry& entry : entries) {
    if (entry.name == name) {
      return &entry;
    }
  }
  return nullptr;
}

ParameterTable parse_parameters(const std::vector<EmbeddedFile>& files, Diagnostics& diagnostics) {
  Reader reader(diagnostics);
  for (const EmbeddedFile& file : files) {
    reader.read(file);
  }
  ParameterTable table;
  for (const std::string& name : parameter_names()) {
    const auto found = reader.entries().find(name);
    if (found == reader.entries().end()) {
      diagnostics.error(ErrorCode::missing, {},
                        "parameter '" + name + "' has no entry in data/parameters");
      continue;
    }
    table.entries.push_back(std::move(found->second));
    reader.entries().erase(found);
  }
  for (const auto& [name, entry] : reader.entries()) {
    diagnostics.error(ErrorCode::reference, entry.place,
                      "parameter '" + name + "' is bound to nothing", nearest_names(table, name));
  }
  return table;
}

ParameterTable load_default_parameters() {
  static const ParameterTable kTable = [] {
    Diagnostics diagnostics;
    ParameterTable table = parse_parameters(embedded_parameter_files(), diagnostics);
    WG_CHECK(diagnostics.ok(), diagnostics.to_text());
    return table;
  }();
  return kTable;
}

bool override_parameter(ParameterTable& table, std::string_view name, double value,
                        const SourcePlace& place, Diagnostics& diagnostics) {
  for (ParameterEntry& entry : table.entries) {
    if (entry.name != name) {
      continue;
    }
    std::string problem = against_unit(entry.unit, value);
    if (problem.empty()) {
      problem = against_limits(entry, value);
    }
    if (!problem.empty()) {
      diagnostics.error(ErrorCode::range, place,
                        "'" + entry.name + "' is " + short_number(value) + " (" + problem + ")");
      return false;
    }
    if (value < entry.low || value > entry.high) {
      diagnostics.warning(ErrorCode::range, place,
                          "'" + entry.name + "' is " + short_number(value) +
                              ", outside its range " + short_number(entry.low) + " to " +
                              short_number(entry.high) + " " + entry.unit);
    }
    entry.value = value;
    entry.overridden = true;
    return true;
  }
  diagnostics.error(ErrorCode::unknown_name, place, "unknown parameter '" + std::string(name) + "'",
                    nearest_names(table, name));
  return false;
}

}  // namespace wintergrid::random
