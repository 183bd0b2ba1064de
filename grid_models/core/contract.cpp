#include "grid_models/core/contract.hpp"

#include <fmt/format.h>

namespace wintergrid {

void fail_contract(const char* kind, const char* condition, const char* file, int line,
                   const std::string& detail) {
  std::string text = fmt::format("{} failed: {} ({}:{})", kind, condition, file, line);
  if (!detail.empty()) {
    text += ": " + detail;
  }
  throw ContractViolation(text);
}

}  // namespace wintergrid
