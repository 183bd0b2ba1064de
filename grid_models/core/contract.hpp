#pragma once
// Contracts for programming errors. WG_EXPECT / WG_ENSURE are checked in debug and sanitizer builds
// only; WG_CHECK is always on. None of them is reachable by user input: bad input becomes a
// Diagnostic instead.

#include <stdexcept>
#include <string>

namespace wintergrid {

/// A bug in wintergrid: exit code 70. In a replication it is caught, recorded and counted.
class ContractViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_contract(const char* kind, const char* condition, const char* file, int line,
                                const std::string& detail = {});

}  // namespace wintergrid

#define WG_CHECK(condition, detail)                                                 \
  do {                                                                              \
    if (!(condition)) {                                                             \
      ::wintergrid::fail_contract("check", #condition, __FILE__, __LINE__, detail); \
    }                                                                               \
  } while (false)

#ifndef NDEBUG
#define WG_EXPECT(condition)                                                       \
  do {                                                                             \
    if (!(condition)) {                                                            \
      ::wintergrid::fail_contract("precondition", #condition, __FILE__, __LINE__); \
    }                                                                              \
  } while (false)
#define WG_ENSURE(condition)                                                        \
  do {                                                                              \
    if (!(condition)) {                                                             \
      ::wintergrid::fail_contract("postcondition", #condition, __FILE__, __LINE__); \
    }                                                                               \
  } while (false)
#else
#define WG_EXPECT(condition) static_cast<void>(0)
#define WG_ENSURE(condition) static_cast<void>(0)
#endif
