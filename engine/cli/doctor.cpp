// doctor: whether this program is well here. Each check says what it looked at, and what to do if
// it fails. The self-check simulates the bundled town, whose results are derived by hand in
// data/town/README.md: 800 households without heat from hour 0 to hour 96, everything else 0.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/provenance.hpp"
#include "engine/montecarlo/estimate.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/montecarlo/prepare.hpp"
#include "engine/montecarlo/runner.hpp"
#include "engine/report/report_page.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/synthetic/oblast.hpp"

namespace wintergrid::cli {
namespace {

namespace fs = std::filesystem;

enum class Verdict { fine, note, failed };

struct Finding {
  std::string name;
  Verdict verdict = Verdict::fine;
  std::string text;
  std::string hint;  ///< what to do; may be empty
};

std::string word_of(Verdict verdict) {
  return verdict == Verdict::fine ? "ok" : verdict == Verdict::note ? "note" : "FAILED";
}

Finding build_finding() {
  const Provenance& facts = provenance();
  Finding finding{"build",
                  Verdict::fine,
                  fmt::format("wintergrid {} ({}), {}, {}", facts.version, facts.source,
                              facts.compiler, facts.build_type),
                  {}};
  if (!facts.sanitizer.empty() || facts.build_type == "Debug") {
    finding.verdict = Verdict::note;
    finding.text += facts.sanitizer.empty() ? ", for the debugger"
                                            : fmt::format(", {} sanitizer", facts.sanitizer);
    finding.hint = "several times slower than a release build: ./dev build release";
  }
  return finding;
}

/// "model name : X" of the first processor; empty where there is no such file.
std::string processor_name() {
  std::ifstream in("/proc/cpuinfo");
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("model name")) {
      const std::size_t at = line.find(": ");
      return at == std::string::npos ? std::string() : line.substr(at + 2);
    }
  }
  return {};
}

Finding processor_finding() {
  std::string features;
#if defined(__x86_64__)
  for (const auto& [name, there] : std::array<std::pair<const char*, bool>, 3>{
           {{"AVX2", __builtin_cpu_supports("avx2") > 0},
            {"FMA", __builtin_cpu_supports("fma") > 0},
            {"AVX-512", __builtin_cpu_supports("avx512f") > 0}}}) {
    features += there ? fmt::format("{}{}", features.empty() ? ", " : " ", name) : std::string();
  }
#endif
  const std::string name = processor_name();
  return {"processor", Verdict::fine, (name.empty() ? "unknown" : name) + features, {}};
}

Finding threads_finding() {
  const int threads = montecarlo::threads_of(montecarlo::RunOptions{});
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  std::string text = fmt::format("{} threads by default, {} processors", threads, cores);
  for (const char* name : {"OMP_NUM_THREADS", "OMP_PROC_BIND", "OMP_PLACES"}) {
    if (const char* value = std::getenv(name); value != nullptr) {
      text += fmt::format(", {}={}", name, value);
    }
  }
  Finding finding{"threads", Verdict::fine, text, {}};
  if (cores > 1 && threads == 1) {
    finding.verdict = Verdict::note;
    finding.hint = "--threads N uses more; results do not depend on it";
  }
  return finding;
}

/// Beside an installed program (share/wintergrid), or in the source folder of build/PRESET.
std::optional<fs::path> data_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) {
    return std::nullopt;
  }
  for (const char* relative : {"../share/wintergrid", "../../data"}) {
    fs::path folder = (program.parent_path() / relative).lexically_normal();
    if (fs::exists(folder / "town/scenario.yaml", error)) {
      return folder;
    }
  }
  return std::nullopt;
}

Finding data_finding(const std::optional<fs::path>& data) {
  return data ? Finding{"data", Verdict::fine, data->string(), {}}
              : Finding{"data", Verdict::note, "bundled scenarios not found",
                        "parameters and overlays are built in; `wintergrid new oblast DIR` makes a "
                        "scenario"};
}

Finding page_finding() {
  return report::has_page_template()
             ? Finding{"page", Verdict::fine, "report.html is built in", {}}
             : Finding{"page", Verdict::note, "built without report.html",
                       "Node 18 or newer and npm, then engine/report/web/fetch and build again; "
                       "everything else is there"};
}

Finding temporary_finding() {
  std::error_code error;
  fs::path folder = fs::temp_directory_path(error);
  std::string pattern = (folder / "wintergrid-doctor-XXXXXX").string();
  const int file = error ? -1 : mkstemp(pattern.data());
  if (file < 0) {
    return {"temporary files", Verdict::failed,
            fmt::format("cannot write to '{}'", folder.string()),
            "set TMPDIR to a folder that can be written"};
  }
  close(file);
  fs::remove(pattern, error);
  return {"temporary files", Verdict::fine, folder.string(), {}};
}

Finding disk_finding() {
  std::error_code error;
  const fs::space_info space = fs::space(fs::current_path(error), error);
  if (error) {
    return {"disk", Verdict::note, "free space is not known", {}};
  }
  constexpr double kMib = 1024.0 * 1024.0;
  constexpr double kLeastMib = 200.0;  // a run of 10,000 winters of the oblast leaves about 30
  const double free_mib = static_cast<double>(space.available) / kMib;
  Finding finding{"disk", Verdict::fine, fmt::format("{:.0f} MiB free here", free_mib), {}};
  if (free_mib < kLeastMib) {
    finding.verdict = Verdict::failed;
    finding.hint = "make room, or choose -o on another disk";
  }
  return finding;
}

montecarlo::Tally simulated(const montecarlo::Case& which, std::uint64_t winters, int threads) {
  montecarlo::Tally tally(montecarlo::shape_of(which.model));
  montecarlo::RunOptions options;
  options.replications = winters;
  options.threads = threads;
  options.group = which.group;
  montecarlo::run(
      tally, [&] { return std::make_unique<montecarlo::Simulation>(which, which.policy); },
      options);
  return tally;
}

double mean_of(const montecarlo::Tally& tally, const char* metric) {
  const std::size_t index = montecarlo::metric_index(metric);
  return montecarlo::estimate(
             montecarlo::values_of(tally, index, montecarlo::metrics()[index].per_unit), 1)
      .mean;
}

Finding town_finding(const fs::path& data) {
  constexpr std::uint64_t kWinters = 16;
  Diagnostics diagnostics;
  const scenario::Scenario town =
      scenario::read_scenario((data / "town/scenario.yaml").string(), diagnostics);
  const std::unique_ptr<montecarlo::Case> which =
      diagnostics.ok() ? montecarlo::prepare_case(town, diagnostics) : nullptr;
  if (!diagnostics.ok()) {
    return {"bundled town", Verdict::failed, diagnostics.items().front().problem,
            "the files in town were changed: install again"};
  }
  const montecarlo::Tally tally = simulated(*which, kWinters, 0);
  std::string wrong;
  for (const auto& [metric, expected] :
       std::array<std::pair<const char*, double>, 5>{{{"power.household_hours_lost", 0.0},
                                                      {"heat.household_hours_lost", 76800.0},
                                                      {"water.household_hours_lost", 0.0},
                                                      {"buildings_drained", 8.0},
                                                      {"buildings_burst", 0.0}}}) {
    const double found = mean_of(tally, metric);
    if (found != expected) {
      wrong +=
          fmt::format("{}{} is {} and not {}", wrong.empty() ? "" : ", ", metric, found, expected);
    }
  }
  return wrong.empty() ? Finding{"bundled town",
                                 Verdict::fine,
                                 "76,800 household-hours without heat, as derived by hand",
                                 {}}
                       : Finding{"bundled town", Verdict::failed, wrong,
                                 "do not trust results of this build; please report it with this "
                                 "output"};
}

/// A small city under strikes, with one thread and with all: every number of every winter.
Finding threads_agree_finding() {
  constexpr std::uint64_t kWinters = 16;
  scenario::Scenario city = scenario::make_city({scenario::kSmallestSyntheticPeople, 1});
  constexpr double kDays = 10.0;
  city.horizon_days = kDays;
  Diagnostics diagnostics;
  const std::unique_ptr<montecarlo::Case> which = montecarlo::prepare_case(city, diagnostics);
  if (!diagnostics.ok()) {
    return {"threads agree", Verdict::failed, diagnostics.items().front().problem, {}};
  }
  const auto start = std::chrono::steady_clock::now();
  const montecarlo::Tally alone = simulated(*which, kWinters, 1);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const montecarlo::Tally together =
      simulated(*which, kWinters, std::max(2, montecarlo::threads_of(montecarlo::RunOptions{})));
  bool same = alone.count() == together.count();
  for (std::uint64_t winter = 0; same && winter < alone.count(); ++winter) {
    same = std::equal(alone.row(winter).begin(), alone.row(winter).end(),
                      together.row(winter).begin());
  }
  return same ? Finding{"threads agree",
                        Verdict::fine,
                        fmt::format("{} winters of a small city, the same with one thread and with "
                                    "several; {:.0f} winters a second on one",
                                    kWinters,
                                    static_cast<double>(kWinters) / std::max(seconds, 1e-6)),
                        {}}
              : Finding{"threads agree", Verdict::failed, "results depend on the number of threads",
                        "do not trust results of this build; please report it with this output"};
}

std::vector<Finding> examine() {
  const std::optional<fs::path> data = data_folder();
  std::vector<Finding> findings = {build_finding(),    processor_finding(), threads_finding(),
                                   data_finding(data), page_finding(),      temporary_finding(),
                                   disk_finding()};
  if (data) {
    findings.push_back(town_finding(*data));
  }
  findings.push_back(threads_agree_finding());
  return findings;
}

}  // namespace

int doctor_command(const CommonArguments& common) {
  const std::vector<Finding> findings = examine();
  const bool well = std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.verdict == Verdict::failed;
  });
  if (common.json) {
    nlohmann::ordered_json json;
    json["format"] = "wintergrid-doctor";
    json["format_version"] = 1;
    json["ok"] = well;
    for (const Finding& finding : findings) {
      json["checks"].push_back({{"name", finding.name},
                                {"verdict", word_of(finding.verdict)},
                                {"text", finding.text},
                                {"hint", finding.hint}});
    }
    fmt::print("{}\n", json.dump(2));
  } else {
    for (const Finding& finding : findings) {
      fmt::print("{:<6}  {:<16} {}\n", word_of(finding.verdict), finding.name, finding.text);
      if (!finding.hint.empty()) {
        fmt::print("{:<26}hint: {}\n", "", finding.hint);
      }
    }
    fmt::print("{}\n", well ? "All is well." : "Something is wrong: see FAILED above.");
  }
  return well ? kOk : kCheckFailed;
}

}  // namespace wintergrid::cli
