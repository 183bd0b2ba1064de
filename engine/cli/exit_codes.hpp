#pragma once
// Exit codes, after sysexits(3).

namespace wintergrid::cli {

enum ExitCode : int {
  kOk = 0,
  kCheckFailed = 1,  ///< a requested check failed
  kUsage = 64,
  kBadData = 65,
  kNoInput = 66,
  kBug = 70,
  kCannotCreate = 73,
  kInputOutput = 74,
  kInterrupted = 130,  ///< resumable
};

}  // namespace wintergrid::cli
