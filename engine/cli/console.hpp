#pragma once
// Standard error for people: a progress line that knows whether it is on a terminal, and the stop
// flag of Ctrl-C.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "engine/montecarlo/runner.hpp"

namespace wintergrid::cli {

/// SIGINT and SIGTERM set the flag; a second one ends the program at once. Installed on first use.
const std::atomic<bool>& stop_flag();

/// Makes DIR and its parents. Empty, or what went wrong.
std::string make_folders(const std::string& folder);

/// False, with a message, if writing `out` would replace the file that is read.
bool may_write(const std::string& out, const std::string& file_read);

/// A folder, made if it is not there, and held while a run writes into it, so that two runs cannot
/// mix their files.
class FolderLock {
 public:
  /// error() is empty if the folder is there and the lock was taken.
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  const std::string& error() const { return error_; }

 private:
  int descriptor_ = -1;
  std::string error_;
};

/// One line on a terminal, rewritten; a line every 30 s elsewhere; nothing if quiet.
class ProgressLine {
 public:
  ProgressLine(std::string label, std::size_t metric, std::uint64_t group, bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const montecarlo::Progress& progress);
  double seconds() const;
  /// Winters that a resumed run had already: they do not count for the rate.
  void start_from(std::uint64_t done) { first_done_ = done; }
  std::uint64_t started_from() const { return first_done_; }

 private:
  std::string label_;
  std::size_t metric_;
  std::uint64_t group_;
  bool quiet_;
  bool terminal_;
  bool line_open_ = false;
  std::uint64_t first_done_ = 0;
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace wintergrid::cli
