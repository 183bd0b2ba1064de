#pragma once
// run.json: the headline for scripts. No clock, host, threads or paths in it: byte-identical for
// the same run (promise 1).

#include <string>

#include "engine/report/summary.hpp"

namespace wintergrid::report {

std::string run_json(const Summary& summary);

/// manifest.json: what is not reproducible: clock, host, threads, command line, wall time.
struct ManifestFacts {
  std::string command_line, source, compiler, build_type, host, started_utc;
  int threads = 0;
  double wall_seconds = 0;
  std::uint64_t resumed_after = 0;  ///< winters that an earlier call had simulated
};
std::string manifest_json(const Summary& summary, const ManifestFacts& facts);

}  // namespace wintergrid::report
