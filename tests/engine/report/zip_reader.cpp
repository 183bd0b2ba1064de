// PKWARE APPNOTE 6.3: the central directory at the end says where each file is.

#include "tests/engine/report/zip_reader.hpp"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <zlib.h>

namespace wintergrid::test {
namespace {

std::size_t number_at(const std::string& bytes, std::size_t at, std::size_t count) {
  if (at + count > bytes.size()) {
    throw std::runtime_error("the zip file is cut off");
  }
  std::size_t value = 0;
  for (std::size_t i = count; i > 0; --i) {
    value = value * 256 + static_cast<unsigned char>(bytes[at + i - 1]);
  }
  return value;
}

std::string inflated(std::string packed, std::size_t size) {
  std::string plain(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
    throw std::runtime_error("zlib does not start");
  }
  // zlib reads bytes as unsigned char.
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());  // NOLINT
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());  // NOLINT
  stream.avail_out = static_cast<uInt>(plain.size());
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.avail_out != 0) {
    throw std::runtime_error("a file in the zip file is damaged");
  }
  return plain;
}

}  // namespace

std::map<std::string, std::string> read_zip(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const std::size_t end = bytes.rfind("PK\x05\x06");
  if (end == std::string::npos) {
    throw std::runtime_error(path.string() + " is not a zip file");
  }
  std::map<std::string, std::string> files;
  std::size_t at = number_at(bytes, end + 16, 4);
  for (std::size_t left = number_at(bytes, end + 10, 2); left > 0; --left) {
    const std::size_t method = number_at(bytes, at + 10, 2), packed = number_at(bytes, at + 20, 4),
                      size = number_at(bytes, at + 24, 4), name = number_at(bytes, at + 28, 2),
                      header = number_at(bytes, at + 42, 4);
    const std::size_t data =
        header + 30 + number_at(bytes, header + 26, 2) + number_at(bytes, header + 28, 2);
    const std::string content = bytes.substr(data, packed);
    files[bytes.substr(at + 46, name)] = method == 0 ? content : inflated(content, size);
    at += 46 + name + number_at(bytes, at + 30, 2) + number_at(bytes, at + 32, 2);
  }
  return files;
}

}  // namespace wintergrid::test
