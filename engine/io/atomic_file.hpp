#pragma once
// A file that appears whole or not at all: written beside its name, synchronised, renamed, and the
// folder synchronised.

#include <string>
#include <string_view>

#include "engine/io/file_ops.hpp"

namespace wintergrid::io {

/// Write, then commit(). Without a successful commit() the old file, if any, is untouched and the
/// partial one is removed. After the first failure every call returns false and error() says what
/// failed and why.
class AtomicFile {
 public:
  AtomicFile(FileOps& operations, std::string path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  bool write(std::string_view bytes);
  /// True once the bytes are on the medium under the final name. If only the last step (the
  /// folder's synchronisation) fails, the new file is in place but may be lost with the power: that
  /// is reported as a failure too.
  bool commit();
  const std::string& error() const { return error_; }

 private:
  bool fail(std::string_view what, const std::string& path, int error_number);
  void discard();
  bool sync_folder();

  FileOps& operations_;
  std::string path_;
  std::string partial_path_;
  int descriptor_ = -1;
  bool partial_exists_ = false;
  std::string error_;
};

/// Writes all of it at once. Returns an empty text, or what went wrong.
std::string write_file_atomically(FileOps& operations, const std::string& path,
                                  std::string_view bytes);

}  // namespace wintergrid::io
