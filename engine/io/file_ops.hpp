#pragma once
// The few system calls by which wintergrid writes files, behind an interface so that tests can make
// any of them fail.

#include <cstddef>
#include <string>
#include <string_view>

namespace wintergrid::io {

/// Every function returns a value >= 0 on success and minus errno on failure.
class FileOps {
 public:
  FileOps() = default;
  FileOps(const FileOps&) = delete;
  FileOps& operator=(const FileOps&) = delete;
  virtual ~FileOps() = default;

  /// Creates or empties a file for writing; does not follow a symbolic link. Returns a descriptor.
  virtual int create(const std::string& path) = 0;
  /// Opens a folder, only to synchronise it.
  virtual int open_folder(const std::string& path) = 0;
  /// May write less than asked for.
  virtual long write(int descriptor, const char* bytes, std::size_t count) = 0;
  virtual int sync(int descriptor) = 0;
  virtual int close(int descriptor) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int unlink(const std::string& path) = 0;
  /// One level; an existing folder is success.
  virtual int make_folder(const std::string& path) = 0;
};

/// The operating system's.
FileOps& system_file_ops();

/// "PATH: WHAT: reason of errno"; adds what to do for a full disk or missing rights.
std::string file_error(std::string_view what, const std::string& path, int error_number);

}  // namespace wintergrid::io
