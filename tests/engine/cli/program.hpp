#pragma once
// Runs the real program as a person or a script would.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace wintergrid::test {

struct Finished {
  int code = -1;         ///< exit code; 128 + number if a signal ended it
  std::string out, err;  ///< standard output and error
};

struct StartOptions {
  std::uint64_t largest_file_bytes =
      0;  ///< as if the disk were full after so many bytes of a file; 0: no limit
  std::string standard_output;   ///< a file instead of `out`
  std::string temporary_folder;  ///< TMPDIR; empty: as it is
};

/// A started program. Its output goes to files in a scratch folder.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, const StartOptions& options = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  bool running();
  void send(int signal_number);
  Finished wait();

 private:
  std::filesystem::path folder_;
  pid_t process_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

Finished run_program(const std::vector<std::string>& arguments, const StartOptions& options = {});

std::string bytes_of(const std::filesystem::path& path);

/// Cells of a simple CSV file (no quotes), the header left out.
std::vector<std::vector<std::string>> csv_rows(const std::filesystem::path& path);

}  // namespace wintergrid::test
