#include "engine/io/source_text.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.hpp"

namespace wintergrid::io {
namespace {

class SourceTextTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = (directory.path() / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  test::TempDir directory;
  Diagnostics diagnostics;
};

TEST_F(SourceTextTest, ReadsBytesAsTheyAre) {
  const std::string path = write("a.csv", "zone;name\r\nZ;Київ\n");
  const auto source = read_source(path, kMebibyte, {}, diagnostics);
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->text(), "zone;name\r\nZ;Київ\n");
  EXPECT_EQ(source->path, path);
}

TEST_F(SourceTextTest, ByteOrderMarkIsNotText) {
  const auto source = read_source(write("a.csv", "\xEF\xBB\xBFzone"), kMebibyte, {}, diagnostics);
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->text(), "zone");
  EXPECT_EQ(source->bytes.size(), 7U);
}

TEST_F(SourceTextTest, EmptyFileIsEmptyText) {
  const auto source = read_source(write("a.csv", ""), kMebibyte, {}, diagnostics);
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->text(), "");
}

TEST_F(SourceTextTest, ExactlyTheLimitIsRead) {
  const std::string path = write("a.csv", "12345678");
  EXPECT_TRUE(read_source(path, 8, {}, diagnostics).has_value());
  EXPECT_FALSE(read_source(path, 7, {}, diagnostics).has_value());
  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].problem,
            "file '" + path + "' is too large (0.0 MiB; at most 0.0 MiB)");
}

TEST_F(SourceTextTest, FileWhoseSizeIsUnknownIsReadToItsEnd) {
  // Files under /proc say that they have no bytes.
  const auto source = read_source("/proc/self/status", kMebibyte, {}, diagnostics);
  ASSERT_TRUE(source.has_value()) << diagnostics.to_text();
  EXPECT_GT(source->bytes.size(), 100U);
  EXPECT_FALSE(read_source("/proc/self/status", 100, {}, diagnostics).has_value());
}

TEST_F(SourceTextTest, MissingFileIsReportedWhereItWasNamed) {
  write("zones.csv", "zone\n");
  const std::string path = (directory.path() / "zone.csv").string();
  EXPECT_FALSE(read_source(path, kMebibyte, {"scenario.yaml", 8, 10}, diagnostics).has_value());
  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].place.file, "scenario.yaml");
  EXPECT_EQ(diagnostics.items()[0].place.line, 8U);
  EXPECT_EQ(diagnostics.items()[0].problem, "file '" + path + "' does not exist");
  EXPECT_EQ(diagnostics.items()[0].hint,
            "did you mean '" + (directory.path() / "zones.csv").string() + "'?");
}

TEST_F(SourceTextTest, FolderAndPipeAreNoFiles) {
  EXPECT_FALSE(read_source(directory.path().string(), kMebibyte, {}, diagnostics).has_value());
  const std::string pipe = (directory.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(read_source(pipe, kMebibyte, {}, diagnostics).has_value());
  ASSERT_EQ(diagnostics.items().size(), 2U);
  EXPECT_EQ(diagnostics.items()[0].problem,
            "'" + directory.path().string() + "' is a folder, not a file");
  EXPECT_EQ(diagnostics.items()[1].problem, "'" + pipe + "' is not a regular file");
}

TEST_F(SourceTextTest, PlacesOfBadBytesCountCharacters) {
  EXPECT_FALSE(
      read_source(write("a.csv", "zone\nКиїв,\xC3\x28\n"), kMebibyte, {}, diagnostics).has_value());
  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].place.line, 2U);
  EXPECT_EQ(diagnostics.items()[0].place.column, 6U);
}

TEST_F(SourceTextTest, ControlCharactersAreRefused) {
  for (const char control : {'\0', '\x01', '\x04', '\x1A', '\x7F'}) {
    Diagnostics found;
    EXPECT_FALSE(
        read_source(write("a.csv", std::string("a") + control), kMebibyte, {}, found).has_value());
    EXPECT_EQ(found.error_count(), 1U);
  }
  EXPECT_TRUE(read_source(write("a.csv", "a\tb\r\nc"), kMebibyte, {}, diagnostics).has_value());
}

TEST(PlaceOfOffset, LinesAndCharactersFromOne) {
  const std::string text = "a\nКиїв: x";
  const SourcePlace place = place_of_offset("f", text, text.find('x'));
  EXPECT_EQ(place.line, 2U);
  EXPECT_EQ(place.column, 7U);
}

}  // namespace
}  // namespace wintergrid::io
