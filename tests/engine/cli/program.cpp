#include "tests/engine/cli/program.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wintergrid::test {
namespace {

namespace fs = std::filesystem;

void redirect(int descriptor, const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || dup2(file, descriptor) < 0) {
    _exit(126);
  }
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const StartOptions& options) {
  std::string pattern = (fs::temp_directory_path() / "wintergrid-cli-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    ADD_FAILURE() << "no scratch folder";
    return;
  }
  folder_ = pattern;
  std::vector<std::string> words{WINTERGRID_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& word : words) {
    raw.push_back(word.data());
  }
  raw.push_back(nullptr);
  const std::string out =
      options.standard_output.empty() ? (folder_ / "out").string() : options.standard_output;
  const std::string err = (folder_ / "err").string();
  process_ = fork();
  if (process_ == 0) {
    redirect(STDOUT_FILENO, out);
    redirect(STDERR_FILENO, err);
    if (!options.temporary_folder.empty()) {
      setenv("TMPDIR", options.temporary_folder.c_str(), 1);
    }
    if (options.largest_file_bytes > 0) {
      const rlimit limit{options.largest_file_bytes, options.largest_file_bytes};
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    execv(raw[0], raw.data());
    _exit(127);
  }
}

Program::~Program() {
  if (!ended_ && process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, &status_, 0);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

bool Program::running() {
  if (!ended_ && waitpid(process_, &status_, WNOHANG) == process_) {
    ended_ = true;
  }
  return !ended_;
}

void Program::send(int signal_number) {
  if (running()) {
    kill(process_, signal_number);
  }
}

Finished Program::wait() {
  if (!ended_) {
    waitpid(process_, &status_, 0);
    ended_ = true;
  }
  Finished result;
  result.code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  result.out = bytes_of(folder_ / "out");
  result.err = bytes_of(folder_ / "err");
  return result;
}

Finished run_program(const std::vector<std::string>& arguments, const StartOptions& options) {
  return Program(arguments, options).wait();
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::vector<std::string>> csv_rows(const fs::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) {
      cells.push_back(cell);
    }
    rows.push_back(cells);
  }
  return rows;
}

}  // namespace wintergrid::test
