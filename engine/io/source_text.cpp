#include "engine/io/source_text.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/io/suggest.hpp"
#include "engine/io/utf8.hpp"

namespace wintergrid::io {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }
  int value() const { return value_; }

 private:
  int value_;
};

std::string text_of_errno(int number) { return std::generic_category().message(number); }

/// A name in the same folder that is close to the missing one.
std::string similar_file(const std::string& path) {
  const std::filesystem::path wanted(path);
  const std::filesystem::path folder =
      wanted.parent_path().empty() ? std::filesystem::path(".") : wanted.parent_path();
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());  // the file system's order is not reproducible
  const std::string name = closest(wanted.filename().string(), names);
  return name.empty() ? name : (wanted.parent_path() / name).string();
}

std::string size_text(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(kMebibyte));
}

/// Cyrillic in Windows-1251 is mostly bytes C0..FF in a row.
bool looks_like_windows_1251(std::string_view bytes) {
  std::size_t high = 0;
  std::size_t letters = 0;
  for (const char character : bytes) {
    const auto byte = static_cast<std::uint8_t>(character);
    high += byte >= 0x80 ? 1 : 0;
    letters += byte >= 0xC0 ? 1 : 0;
  }
  return high > 0 && letters * 10 >= high * 8;
}

bool is_control(char character) {
  const auto byte = static_cast<std::uint8_t>(character);
  return (byte < 0x20 && character != '\t' && character != '\n' && character != '\r') ||
         byte == 0x7F;
}

/// One error at the first byte that cannot be text. A control character matters beyond looks:
/// yaml-cpp takes 0x04 for the end.
bool check_encoding(const SourceText& source, Diagnostics& diagnostics) {
  const std::string_view bytes = source.bytes;
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    diagnostics.error(ErrorCode::encoding, {source.path, 1, 1},
                      "the file is UTF-16 (it must be UTF-8)",
                      "save it as UTF-8 (in Excel: 'CSV UTF-8')");
    return false;
  }
  const std::string_view text = source.text();
  const auto control =
      static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_control) - text.begin());
  const std::size_t invalid = first_invalid_utf8(text);
  if (control < text.size() && control <= invalid) {
    diagnostics.error(
        ErrorCode::encoding, place_of_offset(source.path, text, control),
        fmt::format("the file contains a control character (byte 0x{:02X}): it is not text",
                    static_cast<unsigned>(static_cast<std::uint8_t>(text[control]))),
        "give a text file; a spreadsheet must be saved as CSV");
    return false;
  }
  if (invalid < text.size()) {
    diagnostics.error(
        ErrorCode::encoding, place_of_offset(source.path, text, invalid),
        fmt::format("byte 0x{:02X} is not valid UTF-8",
                    static_cast<unsigned>(static_cast<std::uint8_t>(text[invalid]))),
        looks_like_windows_1251(text)
            ? "the file looks like Windows-1251: save it as UTF-8 (in Excel: 'CSV UTF-8')"
            : "save the file as UTF-8; it may be damaged or cut off");
    return false;
  }
  return true;
}

}  // namespace

SourcePlace place_of_offset(const std::string& path, std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t last_line_end = before.rfind('\n');
  const std::size_t line_start = last_line_end == std::string_view::npos ? 0 : last_line_end + 1;
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  return {path, lines + 1, count_characters(before.substr(line_start)) + 1};
}

std::optional<SourceText> read_source(const std::string& path, std::uint64_t largest_bytes,
                                      const SourcePlace& named_at, Diagnostics& diagnostics) {
  const SourcePlace place = named_at.file.empty() ? SourcePlace{path, 0, 0} : named_at;
  // Not blocking: opening a pipe that nobody writes to would wait for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.value() < 0) {
    const int number = errno;
    if (number == ENOENT || number == ENOTDIR) {
      const std::string similar = similar_file(path);
      diagnostics.error(ErrorCode::file, place, fmt::format("file '{}' does not exist", path),
                        similar.empty() ? std::string() : "did you mean '" + similar + "'?");
    } else {
      diagnostics.error(ErrorCode::file, place,
                        fmt::format("file '{}' cannot be opened: {}", path, text_of_errno(number)));
    }
    return std::nullopt;
  }
  struct ::stat status{};
  if (::fstat(file.value(), &status) != 0) {
    diagnostics.error(ErrorCode::file, place,
                      fmt::format("file '{}' cannot be read: {}", path, text_of_errno(errno)));
    return std::nullopt;
  }
  if (S_ISDIR(status.st_mode)) {
    diagnostics.error(ErrorCode::file, place, fmt::format("'{}' is a folder, not a file", path),
                      "name a file in it");
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode)) {
    diagnostics.error(ErrorCode::file, place, fmt::format("'{}' is not a regular file", path),
                      "give a file: devices and pipes are not read");
    return std::nullopt;
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  SourceText source{path, {}, 0};
  bool too_large = size > largest_bytes;
  if (!too_large) {
    // The size is only a first guess: the file may grow while it is read.
    source.bytes.resize(static_cast<std::size_t>(size) + 1);
    std::size_t filled = 0;
    while (true) {
      const ::ssize_t got =
          ::read(file.value(), source.bytes.data() + filled, source.bytes.size() - filled);
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got < 0) {
        diagnostics.error(ErrorCode::file, place,
                          fmt::format("file '{}' cannot be read: {}", path, text_of_errno(errno)));
        return std::nullopt;
      }
      if (got == 0) {
        break;
      }
      filled += static_cast<std::size_t>(got);
      if (filled > largest_bytes) {
        too_large = true;
        break;
      }
      if (filled == source.bytes.size()) {
        source.bytes.resize(2 * filled);
      }
    }
    source.bytes.resize(filled);
  }
  if (too_large) {
    diagnostics.error(ErrorCode::file, place,
                      fmt::format("file '{}' is too large ({}; at most {})", path, size_text(size),
                                  size_text(largest_bytes)),
                      "check that it is the right file");
    return std::nullopt;
  }
  if (source.bytes.starts_with("\xEF\xBB\xBF")) {
    source.text_offset = 3;
  }
  if (!check_encoding(source, diagnostics)) {
    return std::nullopt;
  }
  return source;
}

}  // namespace wintergrid::io
