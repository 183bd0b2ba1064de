#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/write_scenario.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/scenario/epanet.hpp"

namespace wintergrid::cli {

int import_epanet_command(const ImportEpanetArguments& arguments, const CommonArguments& common) {
  std::error_code error;
  if (!std::filesystem::exists(arguments.file, error)) {
    fmt::print(stderr, "error: {}: no such file\n", arguments.file);
    return kNoInput;
  }
  Diagnostics diagnostics;
  const scenario::EpanetFile read = scenario::read_epanet(arguments.file, diagnostics);
  scenario::Scenario made;
  if (diagnostics.ok()) {
    made = scenario::to_scenario(read,
                                 arguments.fidelity == "transport"
                                     ? scenario::EpanetFidelity::transport
                                     : scenario::EpanetFidelity::hydraulic,
                                 diagnostics);
  }
  fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
  if (!diagnostics.ok()) {
    return kBadData;
  }
  return write_scenario(made, arguments.out, arguments.force, common);
}

}  // namespace wintergrid::cli
