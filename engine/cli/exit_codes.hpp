#pragma once
// Exit codes, after sysexits(3).

namespace wintergrid::cli {

inline constexpr int kOk = 0;
inline constexpr int kCheckFailed = 1;  ///< a requested check failed
inline constexpr int kUsage = 64;
inline constexpr int kBadData = 65;
inline constexpr int kNoInput = 66;
inline constexpr int kUnavailable = 69;  ///< this build cannot: it lacks an optional part
inline constexpr int kBug = 70;
inline constexpr int kCannotCreate = 73;
inline constexpr int kInputOutput = 74;
inline constexpr int kInterrupted = 130;  ///< resumable

}  // namespace wintergrid::cli
