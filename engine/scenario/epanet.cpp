// Nodes, links, patterns and curves of EPANET input files.

#include "engine/scenario/epanet.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include <fmt/format.h>

#include "engine/io/source_text.hpp"
#include "engine/io/suggest.hpp"
#include "engine/scenario/epanet_reader.hpp"
#include "engine/scenario/messages.hpp"
#include "grid_models/hydraulics/simulation.hpp"

namespace wintergrid::scenario {
namespace epanet {

using hydraulics::kNone;
using hydraulics::kNoSetting;
using hydraulics::LinkKind;
using hydraulics::LinkStatus;

namespace {

constexpr std::uint64_t kLargestBytes = 256 * io::kMebibyte;

}  // namespace

Reader::Reader(std::string path, Diagnostics& diagnostics)
    : path_(std::move(path)), diagnostics_(diagnostics) {}

const std::vector<Line>& Reader::lines(Section section) const {
  return sections_[static_cast<std::size_t>(section)];
}

SourcePlace Reader::place(const Line& line, std::size_t word) const {
  return {path_, line.number, word < line.size() ? line.words[word].column : 0};
}

void Reader::error(ErrorCode code, const Line& line, std::size_t word, const std::string& problem,
                   const std::string& hint) {
  diagnostics_.error(code, place(line, word), problem, hint);
}

void Reader::unknown(const Line& line, std::size_t word, const char* what, const Names& names) {
  std::vector<std::string> known;
  for (const auto& [name, index] : names) {
    known.push_back(name);
  }
  error(ErrorCode::reference, line, word,
        fmt::format("there is no {} {}", what, in_quotes(line.at(word))),
        io::did_you_mean(line.at(word), known));
}

bool Reader::enough(const Line& line, std::size_t words, const char* form) {
  if (line.size() >= words) {
    return true;
  }
  error(ErrorCode::syntax, line, 0,
        fmt::format("the line has {} of at least {} values", line.size(), words),
        fmt::format("write: {}", form));
  return false;
}

double Reader::value(const Line& line, std::size_t word, const char* what, double otherwise) {
  if (word >= line.size()) {
    return otherwise;
  }
  const auto read = number(line.at(word));
  if (!read) {
    error(ErrorCode::type, line, word,
          fmt::format("{} is {} (must be a number)", what, in_quotes(line.at(word))));
  }
  return read.value_or(otherwise);
}

double Reader::positive(const Line& line, std::size_t word, const char* what, double otherwise) {
  const double read = value(line, word, what, otherwise);
  if (read <= 0.0) {
    error(ErrorCode::range, line, word, fmt::format("{} is {} (must be > 0)", what, line.at(word)));
    return otherwise;
  }
  return read;
}

double Reader::not_negative(const Line& line, std::size_t word, const char* what) {
  const double read = value(line, word, what);
  if (read < 0.0) {
    error(ErrorCode::range, line, word,
          fmt::format("{} is {} (must be >= 0)", what, line.at(word)));
    return 0.0;
  }
  return read;
}

std::uint32_t Reader::find(const Line& line, std::size_t word, const char* what,
                           const Names& names) {
  const auto found = names.find(line.at(word));
  if (found == names.end()) {
    unknown(line, word, what, names);
    return kNone;
  }
  return found->second;
}

void Reader::read_patterns() {
  for (const Line& line : lines(Section::patterns)) {
    if (!enough(line, 2, "pattern multiplier ...")) {
      continue;
    }
    const auto [at, fresh] =
        patterns_.emplace(line.at(0), static_cast<std::uint32_t>(model_.patterns.size()));
    if (fresh) {
      model_.patterns.emplace_back();
    }
    for (std::size_t i = 1; i < line.size(); ++i) {
      model_.patterns[at->second].push_back(value(line, i, "multiplier", 1.0));
    }
  }
}

void Reader::read_curves() {
  for (const Line& line : lines(Section::curves)) {
    if (!enough(line, 3, "curve x y")) {
      continue;
    }
    const auto [at, fresh] =
        curves_.emplace(line.at(0), static_cast<std::uint32_t>(raw_curves_.size()));
    if (fresh) {
      raw_curves_.emplace_back();
    }
    hydraulics::Curve& curve = raw_curves_[at->second];
    const double x = value(line, 1, "x");
    if (!curve.x.empty() && x <= curve.x.back()) {
      error(ErrorCode::range, line, 1,
            fmt::format("x of curve {} is {} after {} (must increase)", in_quotes(line.at(0)), x,
                        curve.x.back()));
    }
    curve.x.push_back(x);
    curve.y.push_back(value(line, 2, "y"));
  }
}

std::uint32_t Reader::add_node(const Line& line, EpanetNodeKind kind) {
  const auto index = static_cast<std::uint32_t>(network_.node_count());
  if (!nodes_.emplace(line.at(0), index).second) {
    error(ErrorCode::twice, line, 0, fmt::format("node {} is there twice", in_quotes(line.at(0))));
    return kNone;
  }
  const double elevation = value(line, 1, "elevation") * units_.length;
  network_.add_node(elevation, kind != EpanetNodeKind::junction);
  result_.node_ids.push_back(line.at(0));
  result_.node_kinds.push_back(kind);
  return index;
}

void Reader::read_junctions() {
  for (const Line& line : lines(Section::junctions)) {
    const std::uint32_t node = add_node(line, EpanetNodeKind::junction);
    if (node == kNone) {
      continue;
    }
    hydraulics::Demand demand;
    demand.node = node;
    demand.base_m3s = value(line, 2, "demand") * units_.flow;
    if (line.size() > 3) {
      demand.pattern = find(line, 3, "pattern", patterns_);
    }
    model_.demands.push_back(demand);  // one for each junction, in their order
  }
}

void Reader::read_reservoirs(Section section) {
  for (const Line& line : lines(section)) {
    if (!enough(line, 2, "node elevation ...")) {
      continue;
    }
    const bool tank = line.size() > 3;
    const std::uint32_t node =
        add_node(line, tank ? EpanetNodeKind::tank : EpanetNodeKind::reservoir);
    if (node == kNone) {
      continue;
    }
    if (tank) {
      read_tank(line, node);
    } else if (line.size() == 3) {
      const std::uint32_t pattern = find(line, 2, "pattern", patterns_);
      if (pattern != kNone) {
        model_.head_patterns.push_back({node, pattern});
      }
    }
  }
}

void Reader::read_tank(const Line& line, std::uint32_t node) {
  if (!enough(line, 6, "tank elevation level lowest highest diameter (volume curve overflow)")) {
    return;
  }
  const double start = not_negative(line, 2, "initial level");
  const double lowest = not_negative(line, 3, "minimum level");
  const double highest = not_negative(line, 4, "maximum level");
  const double diameter = not_negative(line, 5, "diameter");
  const double least_volume = line.size() > 6 ? not_negative(line, 6, "minimum volume") : 0.0;
  const double length = units_.length, volume = length * length * length;
  const double elevation = network_.elevation_m[node];
  if (start > highest || lowest > highest || start < lowest) {
    error(ErrorCode::contradiction, line, 2,
          fmt::format("levels are {} initial, {} minimum, {} maximum", start, lowest, highest),
          "minimum <= initial <= maximum");
  }
  hydraulics::Tank tank;
  tank.node = node;
  tank.start_m = elevation + start * length;
  tank.lowest_m = elevation + lowest * length;
  tank.highest_m = elevation + highest * length;
  const double area = std::numbers::pi * diameter * diameter / 4.0;
  tank.area_m2 = area * length * length;
  tank.least_m3 = (least_volume > 0.0 ? least_volume : area * lowest) * volume;
  tank.start_m3 = tank.least_m3 + area * (start - lowest) * volume;
  tank.most_m3 = tank.least_m3 + area * (highest - lowest) * volume;
  if (line.size() > 7 && line.at(7) != "*" && !line.at(7).empty()) {
    const std::uint32_t raw = find(line, 7, "curve", curves_);
    if (raw != kNone) {
      const hydraulics::Curve curve = curve_in(raw, length, volume);
      if (lowest * length < curve.x.front() - 1e-6 || highest * length > curve.x.back() + 1e-6) {
        error(ErrorCode::contradiction, line, 7,
              fmt::format("the levels of tank {} leave its volume curve {}", in_quotes(line.at(0)),
                          in_quotes(line.at(7))));
      }
      tank.least_m3 = hydraulics::interpolate(curve.x, curve.y, lowest * length);
      tank.most_m3 = hydraulics::interpolate(curve.x, curve.y, highest * length);
      tank.start_m3 = hydraulics::interpolate(curve.x, curve.y, start * length);
      tank.volume_curve = store_curve(curve);
    }
  }
  if (line.size() > 8) {
    tank.may_overflow = begins(line.at(8), "YES");
    if (!tank.may_overflow && !begins(line.at(8), "NO")) {
      error(ErrorCode::type, line, 8,
            fmt::format("overflow is {} (must be YES or NO)", in_quotes(line.at(8))));
    }
  }
  if (diameter == 0.0) {
    network_.elevation_m[node] = elevation + start * length;  // EPANET: a reservoir at that level
    result_.node_kinds[node] = EpanetNodeKind::reservoir;
    return;
  }
  model_.tanks.push_back(tank);
}

std::uint32_t Reader::add_link(const Line& line, LinkKind kind) {
  const std::uint32_t from = find(line, 1, "node", nodes_), to = find(line, 2, "node", nodes_);
  if (from == kNone || to == kNone) {
    return kNone;
  }
  if (from == to) {
    error(ErrorCode::network, line, 0,
          fmt::format("link {} begins and ends at the same node", in_quotes(line.at(0))));
    return kNone;
  }
  const auto index = static_cast<std::uint32_t>(network_.link_count());
  if (!links_.emplace(line.at(0), index).second) {
    error(ErrorCode::twice, line, 0, fmt::format("link {} is there twice", in_quotes(line.at(0))));
    return kNone;
  }
  network_.add_link(kind, from, to, 0.0);
  result_.link_ids.push_back(line.at(0));
  result_.length_m.push_back(0.0);
  model_.start_status.push_back(LinkStatus::open);
  model_.start_setting.push_back(kNoSetting);
  return index;
}

void Reader::read_pipes() {
  for (const Line& line : lines(Section::pipes)) {
    if (!enough(line, 3, "pipe node node length diameter roughness loss status")) {
      continue;
    }
    const std::uint32_t k = add_link(line, LinkKind::pipe);
    if (k == kNone) {
      continue;
    }
    using hydraulics::HeadlossLaw;
    const HeadlossLaw law = network_.law;
    const double length = positive(line, 3, "length", units_.si ? 100.0 : 330.0) * units_.length;
    const double diameter =
        positive(line, 4, "diameter", units_.si ? 254.0 : 10.0) * units_.diameter;
    const double roughness = positive(line, 5, "roughness",
                                      law == HeadlossLaw::hazen_williams  ? 130.0
                                      : law == HeadlossLaw::chezy_manning ? 0.01
                                                                          : 0.0005);
    network_.diameter_m[k] = diameter;
    result_.length_m[k] = length;
    if (law == HeadlossLaw::hazen_williams) {
      network_.resistance[k] = hydraulics::hazen_williams_resistance(length, diameter, roughness);
    } else if (law == HeadlossLaw::chezy_manning) {
      network_.resistance[k] = hydraulics::chezy_manning_resistance(length, diameter, roughness);
    } else {
      network_.resistance[k] = hydraulics::darcy_resistance(length, diameter);
      // millimetres or thousandths of a foot
      network_.relative_roughness[k] = roughness * units_.length / 1000.0 / diameter;
    }
    double loss = 0.0;
    for (std::size_t word = 6; word < std::min<std::size_t>(line.size(), 8); ++word) {
      if (begins(line.at(word), "CV")) {
        network_.kind[k] = LinkKind::check_valve;
      } else if (begins(line.at(word), "CLOSED")) {
        model_.start_status[k] = LinkStatus::closed;
      } else if (!begins(line.at(word), "OPEN")) {
        loss = not_negative(line, word, "loss coefficient");
      }
    }
    network_.minor_loss[k] = hydraulics::minor_loss(loss, diameter);
  }
}

void Reader::check_network() {
  if (network_.node_count() < 2) {
    diagnostics_.error(ErrorCode::network, {path_, 0, 0}, "the file has fewer than two nodes",
                       "is it an EPANET input file?");
  } else if (std::find(network_.fixed_head.begin(), network_.fixed_head.end(), 1) ==
             network_.fixed_head.end()) {
    diagnostics_.error(ErrorCode::network, {path_, 0, 0}, "there is no reservoir and no tank",
                       "water must come from somewhere: add one to [RESERVOIRS] or [TANKS]");
  }
}

EpanetFile Reader::read() {
  result_.file = path_;
  const auto source = io::read_source(path_, kLargestBytes, {path_, 0, 0}, diagnostics_);
  if (!source) {
    return std::move(result_);
  }
  sections_ = split_sections(path_, source->text(), diagnostics_);
  if (!lines(Section::title).empty()) {
    for (const Word& word : lines(Section::title).front().words) {
      result_.title += (result_.title.empty() ? "" : " ") + word.text;
    }
  }
  read_units();
  read_options();
  read_times();
  read_patterns();
  read_curves();
  read_junctions();
  read_reservoirs(Section::reservoirs);
  read_reservoirs(Section::tanks);
  read_pipes();
  read_pumps();
  read_valves();
  read_status();
  read_demands();
  read_outlets();
  read_controls();
  read_rules();
  check_network();
  return std::move(result_);
}

}  // namespace epanet

EpanetFile read_epanet(const std::string& path, Diagnostics& diagnostics) {
  return epanet::Reader(path, diagnostics).read();
}

}  // namespace wintergrid::scenario
