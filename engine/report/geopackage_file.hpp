#pragma once
// A GeoPackage in memory: attribute tables and point layers on an abstract plane, rows in, a file
// out. Fixed timestamps: the same rows give the same bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace wintergrid::report {

/// In the scenario's abstract plane, metres.
struct PlanePoint {
  double x = 0, y = 0;
};

/// Every function throws std::runtime_error if SQLite refuses.
class GeoPackageFile {
 public:
  GeoPackageFile();
  ~GeoPackageFile();
  GeoPackageFile(const GeoPackageFile&) = delete;
  GeoPackageFile& operator=(const GeoPackageFile&) = delete;

  void execute(const std::string& sql);
  /// A table without geometry.
  void create_attributes(const std::string& name, const std::string& columns,
                         const std::string& description);
  /// A layer of points: fid and geom, then `columns`. `points`: all it will hold, for its extent.
  void create_points(const std::string& name, const std::string& columns,
                     const std::string& description, const std::vector<PlanePoint>& points);
  void save(const std::string& path);
  sqlite3* handle() { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

/// A prepared INSERT; bind values in order, then end the row.
class Insert {
 public:
  Insert(GeoPackageFile& file, const std::string& table, std::size_t columns);
  ~Insert();
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;

  Insert& integer(std::uint64_t value);
  /// NULL where there is no finite number.
  Insert& real(double value);
  Insert& text(std::string_view value);
  /// NULL where there is no place.
  Insert& point(const std::optional<PlanePoint>& place);
  Insert& null();
  void end();

 private:
  GeoPackageFile* file_;
  sqlite3_stmt* statement_ = nullptr;
  int column_ = 0;
};

}  // namespace wintergrid::report
