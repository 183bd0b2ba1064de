#pragma once
// The commands as plain functions: main.cpp turns the command line into these arguments.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wintergrid::cli {

struct CommonArguments {
  std::string command_line;     ///< as typed, for the manifest
  bool quiet = false;           ///< no progress on stderr
  bool json = false;            ///< machine-readable standard output
  std::string language = "en";  ///< of what people read: page, workbook, titles of columns
};

/// On top of a scenario: overlays (files, or names of bundled ones), then single settings.
struct WhatIf {
  std::vector<std::string> overlays;
  std::vector<std::string> settings;  ///< key=value
};

struct RunArguments {
  std::string scenario, out;
  std::optional<std::int64_t> replications;
  std::optional<double> until_relative_ci;
  std::string metric = "power.household_hours_lost";
  int threads = 0;
  std::optional<std::uint64_t> seed;
  std::string policy;  ///< empty: the scenario's
  bool resume = false;
  WhatIf what_if;
};
int run_command(const RunArguments& arguments, const CommonArguments& common);

struct CompareArguments {
  std::string scenario, out;
  std::vector<std::string> policies;
  std::vector<std::string> overlays;  ///< each against the scenario as it is
  WhatIf what_if;                     ///< in all of them
  std::optional<std::int64_t> replications;
  int threads = 0;
  std::optional<std::uint64_t> seed;
};
int compare_command(const CompareArguments& arguments, const CommonArguments& common);

struct ReplayArguments {
  std::string scenario, out;
  std::uint64_t replication = 0;
  std::optional<std::uint64_t> seed;
  std::string policy;
  WhatIf what_if;
};
int replay_command(const ReplayArguments& arguments, const CommonArguments& common);

struct PlanArguments {
  std::string scenario, today, out;
  WhatIf what_if;
  std::int64_t futures = 16;   ///< of the search
  std::int64_t budget = 1500;  ///< futures that the search simulates
  double seconds = 60.0;       ///< the search leaves off so that all is done about then
  int threads = 0;
  std::optional<std::uint64_t> seed;
  std::string move;      ///< JOB:POSITION
  std::string previous;  ///< plan.json of an earlier plan
  bool schema = false;   ///< print the schema of TODAY.yaml instead
};
int plan_command(const PlanArguments& arguments, const CommonArguments& common);
/// The JSON Schema of TODAY.yaml.
int plan_schema_command();

struct ReportArguments {
  std::string folder;  ///< of a run
  std::string out;     ///< file (.html or .xlsx); empty: report.html and summary.xlsx in the folder
  std::vector<std::string> with;  ///< folders of plan, generators, sensitivity: on the page too
};
int report_command(const ReportArguments& arguments, const CommonArguments& common);

int validate_command(const std::string& scenario, const WhatIf& what_if,
                     const CommonArguments& common);
/// The JSON Schema of scenarios, or the reference page in Markdown.
int schema_command(bool markdown, const CommonArguments& common);
int version_command(const CommonArguments& common);
/// What a code of an error means; without one, all codes.
int explain_command(const std::string& code, const CommonArguments& common);
/// Whether this program is well here, with a self-check.
int doctor_command(const CommonArguments& common);

struct SolvePowerArguments {
  std::string file, out, outages;  ///< outages: empty for one DC flow of the whole network
};
int solve_power_command(const SolvePowerArguments& arguments, const CommonArguments& common);

struct SolveHeatArguments {
  std::string file, out;  ///< file: JSON, or a folder of tables
  std::string case_name;  ///< a case of the JSON file, or a set of the folder's tables
};
int solve_heat_command(const SolveHeatArguments& arguments, const CommonArguments& common);

struct SolveWaterArguments {
  std::string file, out;
  bool pressure_driven = false;  ///< with these settings; else as the file says
  double required_pressure_m = 20.0, minimum_pressure_m = 0.0, exponent = 0.5;
  std::optional<double> hours;      ///< empty: only the start
  std::vector<std::string> closed;  ///< names of links
  std::string closed_file;          ///< one solution at the start for each line
  std::optional<std::int64_t> pumps_off_at_s;
};
int solve_water_command(const SolveWaterArguments& arguments, const CommonArguments& common);

struct ImportMatpowerArguments {
  std::string file, out;
  bool power_only = false;
  bool force = false;
};
int import_matpower_command(const ImportMatpowerArguments& arguments,
                            const CommonArguments& common);

struct ImportEpanetArguments {
  std::string file, out, fidelity = "hydraulic";
  bool force = false;
};
int import_epanet_command(const ImportEpanetArguments& arguments, const CommonArguments& common);

struct SensitivityArguments {
  std::string scenario, out;
  WhatIf what_if;
  std::int64_t replications = 64;  ///< winters at each point
  int trajectories = 8;
  int factors = 5;  ///< that get shares of the variance; 0: screening only
  int rows = 32;
  int threads = 0;
  std::optional<std::uint64_t> seed;
};
int sensitivity_command(const SensitivityArguments& arguments, const CommonArguments& common);

struct GeneratorsArguments {
  std::string scenario, out;
  std::string stock;  ///< CSV of sets at hand; empty: none
  int level_percent = 80;
  WhatIf what_if;
  std::int64_t replications = 400;
  int threads = 0;
  std::optional<std::uint64_t> seed;
};
int generators_command(const GeneratorsArguments& arguments, const CommonArguments& common);

struct HindcastArguments {
  std::string scenario, observed, out;
  WhatIf what_if;
  std::int64_t replications = 200;
  int threads = 0;
  std::optional<std::uint64_t> seed;
};
int hindcast_command(const HindcastArguments& arguments, const CommonArguments& common);

struct CalibrateRecoveryArguments {
  std::string file, out;            ///< out: overlay to write; empty: none
  std::optional<std::int64_t> fit;  ///< counts to fit; empty: 60 %
  std::optional<double> crews;      ///< plumbing crews that worked
};
int calibrate_recovery_command(const CalibrateRecoveryArguments& arguments);

struct CalibrateCampaignArguments {
  std::string file, out;  ///< out: overlay to write; empty: none
  std::string from, to;   ///< dates; empty: all of the record
  std::string preset = "winter_2025_26";
};
int calibrate_campaign_command(const CalibrateCampaignArguments& arguments);

struct NewArguments {
  std::string template_name, folder;
  std::uint64_t seed = 1;
  double people = 1.2e6;
  bool force = false;
};
int new_command(const NewArguments& arguments, const CommonArguments& common);

}  // namespace wintergrid::cli
