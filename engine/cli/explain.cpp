// explain: what a code of an error means.

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <vector>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/error_kinds.hpp"
#include "engine/io/suggest.hpp"

namespace wintergrid::cli {

int explain_command(const std::string& code, const CommonArguments&) {
  if (code.empty()) {
    for (const io::ErrorKind& kind : io::error_kinds()) {
      fmt::print("{}  {}\n", kind.code, kind.title);
    }
    return kOk;
  }
  std::string given = code;
  std::transform(given.begin(), given.end(), given.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  std::vector<std::string> known;
  for (const io::ErrorKind& kind : io::error_kinds()) {
    if (kind.code == given) {
      fmt::print("{}: {}\n\n{}\n", kind.code, kind.title, kind.explanation);
      return kOk;
    }
    known.emplace_back(kind.code);
  }
  const std::string hint = io::did_you_mean(given, known);
  fmt::print(stderr, "error: '{}' is not a code (known: {})\n{}", code, fmt::join(known, ", "),
             hint.empty() ? hint : fmt::format("   hint: {}\n", hint));
  return kUsage;
}

}  // namespace wintergrid::cli
