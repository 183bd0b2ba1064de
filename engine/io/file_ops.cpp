#include "engine/io/file_ops.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wintergrid::io {
namespace {

template <class Value>
Value value_or_error(Value value) {
  return value < 0 ? static_cast<Value>(-errno) : value;
}

class SystemFileOps final : public FileOps {
 public:
  int create(const std::string& path) override {
    constexpr ::mode_t kReadableByAll = 0644;
    return value_or_error(::open(
        path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kReadableByAll));
  }
  int open_folder(const std::string& path) override {
    return value_or_error(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  long write(int descriptor, const char* bytes, std::size_t count) override {
    return value_or_error(static_cast<long>(::write(descriptor, bytes, count)));
  }
  int sync(int descriptor) override { return value_or_error(::fsync(descriptor)); }
  int close(int descriptor) override { return value_or_error(::close(descriptor)); }
  int rename(const std::string& from, const std::string& to) override {
    return value_or_error(std::rename(from.c_str(), to.c_str()));
  }
  int unlink(const std::string& path) override { return value_or_error(::unlink(path.c_str())); }
  int make_folder(const std::string& path) override {
    constexpr ::mode_t kOpenToAll = 0755;
    if (::mkdir(path.c_str(), kOpenToAll) == 0) {
      return 0;
    }
    const int number = errno;
    struct ::stat status{};
    if (number == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
      return 0;
    }
    return -number;
  }
};

}  // namespace

FileOps& system_file_ops() {
  static SystemFileOps operations;
  return operations;
}

std::string file_error(std::string_view what, const std::string& path, int error_number) {
  std::string text =
      fmt::format("{}: {}: {}", path, what, std::generic_category().message(error_number));
  if (error_number == ENOSPC || error_number == EDQUOT) {
    text += "; free some space or write to another folder with -o";
  } else if (error_number == EACCES || error_number == EPERM || error_number == EROFS) {
    text += "; choose a folder you may write to with -o";
  }
  return text;
}

}  // namespace wintergrid::io
