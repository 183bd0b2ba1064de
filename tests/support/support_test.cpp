#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/allocation_counter.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::test {
namespace {

/// Sets an environment variable (nothing: unsets it) and puts the old value back.
class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) {
      old_ = old;
    }
    set(value);
  }
  ~EnvironmentVariable() { set(old_ ? old_->c_str() : nullptr); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;
  EnvironmentVariable(EnvironmentVariable&&) = delete;
  EnvironmentVariable& operator=(EnvironmentVariable&&) = delete;

 private:
  void set(const char* value) {
    if (value != nullptr) {
      setenv(name_, value, 1);
    } else {
      unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> old_;
};

TEST(ReferenceData, FindsAFileUnderTheGivenRoot) {
  const TempDir root;
  root.write("power/case.m", "x");
  const EnvironmentVariable reference("WINTERGRID_REFERENCE", root.path().c_str());
  const auto file = reference_data("power/case.m");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(*file, root / "power/case.m");
  EXPECT_EQ(reference_data().value_or(""), root.path());
}

TEST(ReferenceData, MissingDataIsSaidLoudlyOnAPersonsMachine) {
  const TempDir root;
  const EnvironmentVariable reference("WINTERGRID_REFERENCE", root.path().c_str());
  const EnvironmentVariable ci("CI", nullptr);
  testing::internal::CaptureStdout();
  const auto file = reference_data("power/case.m");
  const std::string said = testing::internal::GetCapturedStdout();
  EXPECT_FALSE(file.has_value());
  EXPECT_NE(said.find("SKIPPED: reference data not found at " + root.path().string()),
            std::string::npos)
      << said;
}

TEST(ReferenceData, MissingDataFailsTheTestInCi) {
  EXPECT_NONFATAL_FAILURE(
      {
        const EnvironmentVariable reference("WINTERGRID_REFERENCE", "/no/such/folder");
        const EnvironmentVariable ci("CI", "true");
        EXPECT_FALSE(reference_data("power/case.m").has_value());
      },
      "reference data not found at /no/such/folder/power/case.m");
}

TEST(TempDir, IsRemovedWithItsFilesEvenWhenAFolderWasMadeReadOnly) {
  std::filesystem::path path;
  {
    const TempDir folder;
    path = folder.path();
    folder.write("deep/er/file.txt", "text");
    ASSERT_EQ(chmod((folder / "deep/er").c_str(), 0500), 0);
    std::ifstream in(folder / "deep/er/file.txt");
    std::string text;
    in >> text;
    EXPECT_EQ(text, "text");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(AllocationScope, CountsEveryFormOfNew) {
  struct alignas(64) CacheLine {
    std::array<char, 64> bytes;
  };
  const AllocationScope scope;
  const auto one = std::make_unique<int>(1);
  EXPECT_EQ(scope.count(), 1u);
  const auto several = std::make_unique<int[]>(8);
  EXPECT_EQ(scope.count(), 2u);
  const auto aligned = std::make_unique<CacheLine>();
  EXPECT_EQ(scope.count(), 3u);
  EXPECT_EQ(reinterpret_cast<std::size_t>(aligned.get()) % 64, 0u);
  const std::unique_ptr<int> quiet(new (std::nothrow) int(2));
  EXPECT_EQ(scope.count(), 4u);
  EXPECT_EQ(*one + several[0] + *quiet, 3);
}

TEST(AllocationScope, SeesAGrowingVectorAndNotAReusedOne) {
  std::vector<double> values;
  const AllocationScope growing;
  values.resize(100);
  EXPECT_GE(growing.count(), 1u);
  const AllocationScope reused;
  values.clear();
  values.resize(100);
  EXPECT_EQ(reused.count(), 0u);
}

}  // namespace
}  // namespace wintergrid::test
