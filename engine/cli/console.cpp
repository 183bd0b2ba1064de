#include "engine/cli/console.hpp"

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/io/file_ops.hpp"
#include "engine/montecarlo/estimate.hpp"
#include "engine/montecarlo/metrics.hpp"
#include "engine/report/terminal.hpp"

namespace wintergrid::cli {
namespace {

// A signal handler can reach nothing but a global.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> stop_requested{false};

extern "C" void request_stop(int signal_number) {
  if (stop_requested.exchange(true)) {
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
  }
}

std::string duration_text(double seconds) {
  const auto whole = std::lround(seconds);
  if (whole < 60) {
    return fmt::format("{} s", whole);
  }
  return whole < 3600 ? fmt::format("{} min {} s", whole / 60, whole % 60)
                      : fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace

const std::atomic<bool>& stop_flag() {
  static const bool installed = [] {
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
    return true;
  }();
  static_cast<void>(installed);
  return stop_requested;
}

bool may_write(const std::string& out, const std::string& file_read) {
  std::error_code error;
  if (out.empty() || !std::filesystem::equivalent(out, file_read, error) || error) {
    return true;
  }
  fmt::print(
      stderr,
      "error: -o '{}' is the file that is read\n   hint: give the overlay a name of its own\n",
      out);
  return false;
}

std::string make_folders(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return io::file_error("cannot create the folder", folder, error.value());
  }
  if (!std::filesystem::is_directory(folder, error)) {
    return fmt::format("{}: is not a folder", folder);
  }
  return {};
}

FolderLock::FolderLock(const std::string& folder) : error_(make_folders(folder)) {
  if (!error_.empty()) {
    return;
  }
  const std::string path = folder + "/.lock";
  descriptor_ = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    error_ = io::file_error("cannot create", path, errno);
    return;
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    error_ = fmt::format(
        "{}: another run is writing into this folder; wait for it or choose another -o", folder);
    close(descriptor_);
    descriptor_ = -1;
  }
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

ProgressLine::ProgressLine(std::string label, std::size_t metric, std::uint64_t group, bool quiet)
    : label_(std::move(label)),
      metric_(metric),
      group_(group),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

ProgressLine::~ProgressLine() {
  if (line_open_) {
    std::fputc('\n', stderr);
  }
}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void ProgressLine::show(const montecarlo::Progress& progress) {
  if (quiet_) {
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  const bool last = progress.done >= progress.wanted;
  if (!terminal_ && !last && now - last_ < std::chrono::seconds(30)) {
    return;
  }
  last_ = now;
  first_done_ = progress.done < first_done_ ? 0 : first_done_;  // simulated anew from nothing
  const double rate = static_cast<double>(progress.done - first_done_) / std::max(seconds(), 1e-9);
  const montecarlo::Metric& metric = montecarlo::metrics()[metric_];
  const montecarlo::Estimate e = montecarlo::estimate(
      montecarlo::values_of(*progress.tally, metric_, metric.per_unit), group_);
  const double half = e.ci95_high - e.mean;
  std::string text = fmt::format("{}{} of {} winters, {:.0f} a second", label_, progress.done,
                                 progress.wanted, rate);
  if (!last && rate > 0.0) {
    text += fmt::format(", {} to go",
                        duration_text(static_cast<double>(progress.wanted - progress.done) / rate));
  }
  if (std::isfinite(half) && e.mean > 0.0) {
    text += fmt::format("; {} {} +- {:.1f} %", metric.name, report::rounded(e.mean),
                        100.0 * half / e.mean);
  }
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}", text);
    line_open_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

}  // namespace wintergrid::cli
