#include "grid_models/core/diagnostics.hpp"

#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace wintergrid {

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) {
    ++error_count_;
  } else {
    ++warning_count_;
  }
  if (items_.size() < kMaxKept) {
    items_.push_back(std::move(diagnostic));
  }
}

void Diagnostics::error(ErrorCode code, SourcePlace place, std::string problem, std::string hint,
                        std::string path) {
  add({Severity::error, code, std::move(place), std::move(problem), std::move(path),
       std::move(hint)});
}

void Diagnostics::warning(ErrorCode code, SourcePlace place, std::string problem, std::string hint,
                          std::string path) {
  add({Severity::warning, code, std::move(place), std::move(problem), std::move(path),
       std::move(hint)});
}

std::string Diagnostics::to_text() const {
  std::string text;
  for (const Diagnostic& item : items_) {
    text += item.place.file;
    if (item.place.line > 0) {
      text += fmt::format(":{}", item.place.line);
      if (item.place.column > 0) {
        text += fmt::format(":{}", item.place.column);
      }
    }
    if (!item.place.file.empty()) {
      text += ": ";
    }
    text += fmt::format("{}: {}\n", item.severity == Severity::error ? "error" : "warning",
                        item.problem);
    if (!item.path.empty()) {
      text += fmt::format("   at {}\n", item.path);
    }
    if (!item.hint.empty()) {
      text += fmt::format("   hint: {}\n", item.hint);
    }
  }
  const std::size_t total = error_count_ + warning_count_;
  if (total > items_.size()) {
    text += fmt::format("... and {} more\n", total - items_.size());
  }
  if (error_count_ > 0) {
    text +=
        fmt::format("{} error{}. Nothing was run.\n", error_count_, error_count_ == 1 ? "" : "s");
  }
  return text;
}

}  // namespace wintergrid
