// Hydraulics of every EPANET case at hand.
//
// What a file's name says:
//   NAME_dda_CASE, NAME_pda20_CASE         demand-driven, or pressure-driven with 20 m required
//   CASE base, pumpsoff, closed            as it is; all pumps off; the links closed that the
//                                          reference shows closed and its base case shows open
//   NAME_eps24_MODE[_pumps_lost_at_4h]     24 hours with the original controls
//   NAME_random_outages_MODE.csv           a list of closed links, one solve each

#include <cmath>
#include <cstdlib>
#include <regex>
#include <set>

#include "tests/validation/comparison.hpp"

namespace wintergrid::validation {
namespace {

namespace fs = std::filesystem;

// Heads 1e-2 m, flows and delivered demand 1e-4 relative; the absolute part is the digit to which
// the reference itself has converged.
constexpr Tolerance kHeadM{1e-2, 0.0};
constexpr Tolerance kFlowLps{1e-3, 1e-4};
constexpr Tolerance kDeliveredLps{1e-3, 1e-4};

void add_mode(const std::string& mode, std::vector<std::string>& arguments) {
  if (mode != "dda") {
    arguments.insert(arguments.end(), {"--pda", "--required-pressure", mode.substr(3),
                                       "--minimum-pressure", "0", "--exponent", "0.5"});
  }
}

/// Links closed in `closed` and open in `base`, joined by commas.
std::string closed_links(const Table& closed, const Table& base) {
  std::set<std::string> open;
  for (const auto& row : base.rows) {
    if (row[base.column("status")] != "0") {
      open.insert(row[base.column("id")]);
    }
  }
  std::string list;
  for (const auto& row : closed.rows) {
    if (row[closed.column("status")] == "0" && open.contains(row[closed.column("id")])) {
      list += (list.empty() ? "" : ",") + row[closed.column("id")];
    }
  }
  return list;
}

/// Rows of nodes and links of one run against NAME_nodes.csv and NAME_links.csv of the reference.
void compare_run(const std::string& name, double seconds, const fs::path& out, const fs::path& root,
                 const std::vector<std::string>& keys, bool pressure_driven, Rows& rows) {
  const Table nodes = read_table(root / (name + "_nodes.csv"));
  const std::size_t pressure = nodes.column("pressure_m");
  // Without pressure a node of a pressure-driven solve is fed by nothing that would fix its head.
  const auto no_head = [&](const std::vector<std::string>& row) {
    const double value = std::stod(row[pressure]);
    return pressure_driven ? value < 0.0 : value < -1e4;
  };
  const Table ours = read_table(out / "nodes.csv");
  append(rows, compare(name, seconds, ours, nodes, keys, {{"head, m", "head_m", "head_m", kHeadM}},
                       no_head));
  append(rows, compare(name, seconds, ours, nodes, keys,
                       {{"delivered, L/s", "delivered_Lps", "delivered_Lps", kDeliveredLps}}));
  append(rows, compare(name, seconds, read_table(out / "links.csv"),
                       read_table(root / (name + "_links.csv")), keys,
                       {{"flow, L/s", "flow_Lps", "flow_Lps", kFlowLps}}));
}

}  // namespace

Rows validate_water(const fs::path& root) {
  Rows rows;
  const std::regex moment("(.+)_(dda|pda[0-9]+)_(base|pumpsoff|closed)_nodes\\.csv");
  const std::regex period(
      "(.+)_eps([0-9]+)_(dda|pda[0-9]+)(_pumps_lost_at_([0-9]+h))?_nodes\\.csv");
  const std::regex outages("(.+)_random_outages_(dda|pda[0-9]+)\\.csv");
  for (const fs::path& file : files_ending(root, ".csv")) {
    const std::string text = file.filename().string();
    const std::string name = text.substr(0, text.rfind('_'));
    std::smatch part;
    if (std::regex_match(text, part, moment)) {
      guarded(name, rows, [&] {
        std::vector<std::string> arguments{
            "solve", "water", (root / (part[1].str() + "_SI_nocontrols.inp")).string()};
        add_mode(part[2], arguments);
        if (part[3] == "pumpsoff") {
          arguments.insert(arguments.end(), {"--pumps-off-at", "0h"});
        } else if (part[3] == "closed") {
          const std::string base = part[1].str() + "_" + part[2].str() + "_base_links.csv";
          arguments.insert(arguments.end(),
                           {"--closed", closed_links(read_table(root / (name + "_links.csv")),
                                                     read_table(root / base))});
        }
        const fs::path out = scratch(name);
        arguments.insert(arguments.end(), {"-o", out.string()});
        compare_run(name, run_wintergrid(arguments), out, root, {"id"}, part[2] != "dda", rows);
      });
    } else if (std::regex_match(text, part, period)) {
      guarded(name, rows, [&] {
        std::vector<std::string> arguments{
            "solve", "water", (root / (part[1].str() + ".inp")).string(), "--hours", part[2].str()};
        add_mode(part[3], arguments);
        if (part[5].matched) {
          arguments.insert(arguments.end(), {"--pumps-off-at", part[5].str()});
        }
        const fs::path out = scratch(name);
        arguments.insert(arguments.end(), {"-o", out.string()});
        compare_run(name, run_wintergrid(arguments), out, root, {"time_s", "id"}, part[3] != "dda",
                    rows);
      });
    } else if (std::regex_match(text, part, outages)) {
      const std::string outage_name = text.substr(0, text.size() - 4);
      guarded(outage_name, rows, [&] {
        std::vector<std::string> arguments{"solve", "water",
                                           (root / (part[1].str() + "_SI_nocontrols.inp")).string(),
                                           "--closed-file", file.string()};
        add_mode(part[2], arguments);
        const fs::path out = scratch(outage_name);
        arguments.insert(arguments.end(), {"-o", out.string()});
        const double seconds = run_wintergrid(arguments);
        append(
            rows,
            compare(outage_name, seconds, read_table(out / "cases.csv"), read_table(file), {"case"},
                    {{"delivered, L/s", "delivered_Lps", "delivered_Lps", kDeliveredLps}}));
      });
    }
  }
  return rows;
}

}  // namespace wintergrid::validation
