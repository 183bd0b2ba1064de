#include "engine/io/atomic_file.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace wintergrid::io {

// One fixed name per file: what a killed run left behind is overwritten by the next one instead of
// piling up.
AtomicFile::AtomicFile(FileOps& operations, std::string path)
    : operations_(operations), path_(std::move(path)), partial_path_(path_ + ".partial") {
  // Renaming would put a file where a device (/dev/null) or a pipe was.
  std::error_code unknown;
  const std::filesystem::file_status there = std::filesystem::status(path_, unknown);
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
    error_ = path_ +
             (std::filesystem::is_directory(there) ? ": is a folder" : ": is no ordinary file") +
             "; name a file to write";
    return;
  }
  descriptor_ = operations_.create(partial_path_);
  if (descriptor_ < 0) {
    fail("cannot be created", partial_path_, -descriptor_);
  } else {
    partial_exists_ = true;
  }
}

AtomicFile::~AtomicFile() { discard(); }

bool AtomicFile::fail(std::string_view what, const std::string& path, int error_number) {
  if (error_.empty()) {
    error_ = file_error(what, path, error_number);
  }
  discard();
  return false;
}

void AtomicFile::discard() {
  if (descriptor_ >= 0) {
    operations_.close(descriptor_);
    descriptor_ = -1;
  }
  if (partial_exists_) {
    operations_.unlink(partial_path_);
    partial_exists_ = false;
  }
}

bool AtomicFile::write(std::string_view bytes) {
  if (!error_.empty()) {
    return false;
  }
  while (!bytes.empty()) {
    const long written = operations_.write(descriptor_, bytes.data(), bytes.size());
    if (written == -EINTR) {
      continue;
    }
    if (written <= 0) {  // 0 would loop for ever: a device that takes nothing is a failed one
      return fail("cannot be written", partial_path_,
                  written < 0 ? static_cast<int>(-written) : EIO);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool AtomicFile::commit() {
  if (!error_.empty() || descriptor_ < 0) {
    return false;
  }
  if (const int result = operations_.sync(descriptor_); result < 0) {
    return fail("cannot be synchronised", partial_path_, -result);
  }
  const int closed = operations_.close(descriptor_);
  descriptor_ = -1;
  if (closed < 0) {
    return fail("cannot be closed", partial_path_, -closed);
  }
  if (const int result = operations_.rename(partial_path_, path_); result < 0) {
    return fail("cannot be renamed into place", path_, -result);
  }
  partial_exists_ = false;
  return sync_folder();
}

bool AtomicFile::sync_folder() {
  const std::filesystem::path parent = std::filesystem::path(path_).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const int descriptor = operations_.open_folder(folder);
  if (descriptor < 0) {
    return fail("folder cannot be opened", folder, -descriptor);
  }
  const int synced = operations_.sync(descriptor);
  operations_.close(descriptor);
  if (synced < 0 &&
      synced != -EINVAL) {  // EINVAL: a file system without synchronisation of folders
    return fail("folder cannot be synchronised", folder, -synced);
  }
  return true;
}

std::string write_file_atomically(FileOps& operations, const std::string& path,
                                  std::string_view bytes) {
  AtomicFile file(operations, path);
  file.write(bytes);
  file.commit();
  return file.error();
}

}  // namespace wintergrid::io
