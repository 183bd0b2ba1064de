#pragma once
// Proves that a loop does not allocate. Linking wintergrid_allocation_counter replaces the global
// operator new of the whole test program by one that counts. Memory taken by malloc itself (C
// libraries) is not seen.

#include <cstdint>

namespace wintergrid::test {

/// Calls of any operator new made so far by the calling thread.
std::uint64_t allocations_of_this_thread();

/// Counts from its construction:
///
///     const AllocationScope scope;
///     advance(...);
///     EXPECT_EQ(scope.count(), 0u);
class AllocationScope {
 public:
  AllocationScope() : before_(allocations_of_this_thread()) {}
  std::uint64_t count() const { return allocations_of_this_thread() - before_; }

 private:
  std::uint64_t before_;
};

}  // namespace wintergrid::test
