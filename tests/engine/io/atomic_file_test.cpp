// Every system call is made to fail in turn: the file is then the old one or the new one, whole,
// and the error says why.
#include "engine/io/atomic_file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.hpp"

namespace wintergrid::io {
namespace {

/// A disk in memory. Call number `failing_call` (from 0) fails; writes take at most `most_bytes` at
/// once.
class MemoryDisk final : public FileOps {
 public:
  std::map<std::string, std::string> files;
  std::vector<std::string> calls;
  std::size_t failing_call = SIZE_MAX;
  int error_number = EIO;
  std::size_t most_bytes = 3;

  int create(const std::string& path) override {
    if (fails("create")) {
      return -error_number;
    }
    files[path].clear();
    open_ = path;
    return kFile;
  }
  int open_folder(const std::string&) override {
    return fails("open_folder") ? -error_number : kFolder;
  }
  long write(int, const char* bytes, std::size_t count) override {
    if (fails("write")) {
      return -error_number;
    }
    const std::size_t taken = std::min(count, most_bytes);
    files[open_].append(bytes, taken);
    return static_cast<long>(taken);
  }
  int sync(int descriptor) override {
    return fails(descriptor == kFile ? "sync" : "sync_folder") ? -error_number : 0;
  }
  int close(int descriptor) override {
    return fails(descriptor == kFile ? "close" : "close_folder") ? -error_number : 0;
  }
  int rename(const std::string& from, const std::string& to) override {
    if (fails("rename")) {
      return -error_number;
    }
    files[to] = files[from];
    files.erase(from);
    return 0;
  }
  int unlink(const std::string& path) override {
    calls.emplace_back("unlink");
    files.erase(path);
    return 0;
  }
  int make_folder(const std::string&) override { return 0; }

 private:
  static constexpr int kFile = 3;
  static constexpr int kFolder = 4;

  bool fails(const char* call) {
    calls.emplace_back(call);
    return calls.size() - 1 == failing_call;
  }

  std::string open_;
};

TEST(AtomicFile, CallsInTheOrderThatSurvivesPowerLoss) {
  MemoryDisk disk;
  EXPECT_EQ(write_file_atomically(disk, "out/run.json", "12345"), "");
  EXPECT_EQ(disk.files, (std::map<std::string, std::string>{{"out/run.json", "12345"}}));
  EXPECT_EQ(disk.calls,
            (std::vector<std::string>{"create", "write", "write", "sync", "close", "rename",
                                      "open_folder", "sync_folder", "close_folder"}));
}

TEST(AtomicFile, AnyFailingCallLeavesTheOldOrTheNewFileWhole) {
  MemoryDisk whole_run;
  write_file_atomically(whole_run, "run.json", "new text");
  for (std::size_t call = 0; call < whole_run.calls.size(); ++call) {
    MemoryDisk disk;
    disk.files["run.json"] = "old text";
    disk.failing_call = call;
    const std::string error = write_file_atomically(disk, "run.json", "new text");
    const std::string& failed = whole_run.calls[call];
    if (failed != "close_folder") {
      EXPECT_NE(error, "") << failed;
    }
    const bool renamed =
        failed == "open_folder" || failed == "sync_folder" || failed == "close_folder";
    EXPECT_EQ(disk.files,
              (std::map<std::string, std::string>{{"run.json", renamed ? "new text" : "old text"}}))
        << failed;
  }
}

TEST(AtomicFile, ErrorsSayWhatWhereAndWhatToDo) {
  MemoryDisk disk;
  disk.failing_call = 1;
  disk.error_number = ENOSPC;
  EXPECT_EQ(write_file_atomically(disk, "run.json", "text"),
            "run.json.partial: cannot be written: No space left on device; free some space or "
            "write to another folder with -o");
  MemoryDisk locked;
  locked.failing_call = 0;
  locked.error_number = EACCES;
  EXPECT_EQ(write_file_atomically(locked, "run.json", "text"),
            "run.json.partial: cannot be created: Permission denied; choose a folder you may write "
            "to with -o");
}

TEST(AtomicFile, InterruptedWritesAreRepeated) {
  MemoryDisk disk;
  disk.failing_call = 1;
  disk.error_number = EINTR;
  EXPECT_EQ(write_file_atomically(disk, "run.json", "text"), "");
  EXPECT_EQ(disk.files["run.json"], "text");
}

TEST(AtomicFile, DeviceThatTakesNothingIsAnError) {
  MemoryDisk disk;
  disk.most_bytes = 0;
  EXPECT_EQ(write_file_atomically(disk, "run.json", "text"),
            "run.json.partial: cannot be written: Input/output error");
}

TEST(AtomicFile, FolderThatCannotBeSynchronisedByDesignIsFine) {
  MemoryDisk disk;
  disk.error_number = EINVAL;
  MemoryDisk whole_run;
  write_file_atomically(whole_run, "run.json", "text");
  disk.failing_call = static_cast<std::size_t>(
      std::find(whole_run.calls.begin(), whole_run.calls.end(), "sync_folder") -
      whole_run.calls.begin());
  EXPECT_EQ(write_file_atomically(disk, "run.json", "text"), "");
}

TEST(AtomicFile, WithoutCommitNothingAppears) {
  MemoryDisk disk;
  disk.files["run.json"] = "old";
  {
    AtomicFile file(disk, "run.json");
    EXPECT_TRUE(file.write("half of the n"));
  }
  EXPECT_EQ(disk.files, (std::map<std::string, std::string>{{"run.json", "old"}}));
}

TEST(AtomicFile, AfterAFailureEverythingElseFails) {
  MemoryDisk disk;
  disk.failing_call = 1;
  AtomicFile file(disk, "run.json");
  EXPECT_FALSE(file.write("a"));
  EXPECT_FALSE(file.write("b"));
  EXPECT_FALSE(file.commit());
  EXPECT_EQ(file.error(), "run.json.partial: cannot be written: Input/output error");
}

TEST(SystemFileOps, WritesARealFile) {
  const test::TempDir directory;
  const std::string path = (directory.path() / "run.json").string();
  EXPECT_EQ(write_file_atomically(system_file_ops(), path, "first"), "");
  EXPECT_EQ(write_file_atomically(system_file_ops(), path, "second"), "");
  std::ifstream in(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "second");
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
}

TEST(SystemFileOps, MissingFolderIsReported) {
  const test::TempDir directory;
  const std::string path = (directory.path() / "missing" / "run.json").string();
  EXPECT_EQ(write_file_atomically(system_file_ops(), path, "text"),
            path + ".partial: cannot be created: No such file or directory");
}

TEST(SystemFileOps, PutsNoFileInPlaceOfADeviceOrAFolder) {
  const test::TempDir directory;
  const std::string pipe = (directory.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(write_file_atomically(system_file_ops(), pipe, "text"),
            pipe + ": is no ordinary file; name a file to write");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  const std::string folder = directory.path().string();
  EXPECT_EQ(write_file_atomically(system_file_ops(), folder, "text"),
            folder + ": is a folder; name a file to write");
  EXPECT_FALSE(std::filesystem::exists(folder + ".partial"));
}

TEST(SystemFileOps, DoesNotFollowALinkInPlaceOfThePartialFile) {
  const test::TempDir directory;
  const std::string path = (directory.path() / "run.json").string();
  const std::string other = (directory.path() / "other").string();
  std::ofstream(other) << "precious";
  std::filesystem::create_symlink(other, path + ".partial");
  EXPECT_NE(write_file_atomically(system_file_ops(), path, "text"), "");
  std::ifstream in(other);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "precious");
}

TEST(SystemFileOps, MakeFolderAcceptsAnExistingFolderOnly) {
  const test::TempDir directory;
  const std::string folder = (directory.path() / "out").string();
  EXPECT_EQ(system_file_ops().make_folder(folder), 0);
  EXPECT_EQ(system_file_ops().make_folder(folder), 0);
  const std::string file = (directory.path() / "file").string();
  std::ofstream(file) << "x";
  EXPECT_EQ(system_file_ops().make_folder(file), -EEXIST);
}

}  // namespace
}  // namespace wintergrid::io
