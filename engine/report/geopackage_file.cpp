// GeoPackage 1.3 (OGC 12-128r17): application_id 'GPKG', user_version 10300, three metadata tables;
// a geometry is a header ("GP", version 0, flags, SRS) and little-endian WKB. Points lie on the
// scenario's abstract plane: SRS -1, undefined Cartesian.

#include "engine/report/geopackage_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

namespace wintergrid::report {
namespace {

constexpr const char* kTimestamp =
    "2026-01-01T00:00:00.000Z";  // fixed: the bytes may not depend on the clock

constexpr const char* kMetadata =
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, "
    "organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT "
    "NULL, description TEXT);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian', -1, 'NONE', -1, "
    "'undefined', NULL);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic', 0, 'NONE', 0, 'undefined', "
    "NULL);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, "
    "'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS "
    "84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],"
    "UNIT[\"degree\",0.0174532925199433]]', NULL);"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, "
    "identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x "
    "DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id "
    "FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
    "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT "
    "NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT "
    "uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES "
    "gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES "
    "gpkg_spatial_ref_sys (srs_id));";

void append_little_endian(std::string& bytes, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) {
    bytes += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

std::string geometry_of(const PlanePoint& point) {
  std::string bytes = "GP";
  append_little_endian(bytes, 0, 1);            // version 1 is written as 0
  append_little_endian(bytes, 1, 1);            // little endian, no envelope, not empty
  append_little_endian(bytes, 0xFFFFFFFFU, 4);  // SRS -1
  append_little_endian(bytes, 1, 1);            // WKB: little endian
  append_little_endian(bytes, 1, 4);            // point
  append_little_endian(bytes, std::bit_cast<std::uint64_t>(point.x), 8);
  append_little_endian(bytes, std::bit_cast<std::uint64_t>(point.y), 8);
  return bytes;
}

}  // namespace

GeoPackageFile::GeoPackageFile() {
  if (sqlite3_open(":memory:", &handle_) != SQLITE_OK) {
    throw std::runtime_error("cannot open a database in memory");
  }
  execute(
      "PRAGMA page_size = 4096; PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;");
  execute(kMetadata);
}

GeoPackageFile::~GeoPackageFile() { sqlite3_close(handle_); }

void GeoPackageFile::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(handle_));
  }
}

void GeoPackageFile::create_attributes(const std::string& name, const std::string& columns,
                                       const std::string& description) {
  execute(fmt::format("CREATE TABLE {} ({})", name, columns));
  Insert contents(*this, "gpkg_contents", 10);
  contents.text(name).text("attributes").text(name).text(description).text(kTimestamp);
  contents.null().null().null().null().null().end();
}

void GeoPackageFile::create_points(const std::string& name, const std::string& columns,
                                   const std::string& description,
                                   const std::vector<PlanePoint>& points) {
  execute(fmt::format(
      "CREATE TABLE {} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, {})", name,
      columns));
  Insert contents(*this, "gpkg_contents", 10);
  contents.text(name).text("features").text(name).text(description).text(kTimestamp);
  if (points.empty()) {
    contents.null().null().null().null();
  } else {
    const auto by_x = [](const PlanePoint& a, const PlanePoint& b) { return a.x < b.x; };
    const auto by_y = [](const PlanePoint& a, const PlanePoint& b) { return a.y < b.y; };
    contents.real(std::min_element(points.begin(), points.end(), by_x)->x)
        .real(std::min_element(points.begin(), points.end(), by_y)->y)
        .real(std::max_element(points.begin(), points.end(), by_x)->x)
        .real(std::max_element(points.begin(), points.end(), by_y)->y);
  }
  contents.real(-1.0).end();
  execute(fmt::format("INSERT INTO gpkg_geometry_columns VALUES ('{}', 'geom', 'POINT', -1, 0, 0)",
                      name));
}

void GeoPackageFile::save(const std::string& path) {
  std::string quoted;
  for (const char character : path) {
    quoted += character == '\'' ? std::string("''") : std::string(1, character);
  }
  execute("VACUUM INTO '" + quoted + "'");
}

Insert::Insert(GeoPackageFile& file, const std::string& table, std::size_t columns) : file_(&file) {
  std::string sql = "INSERT INTO " + table + " VALUES (?";
  for (std::size_t i = 1; i < columns; ++i) {
    sql += ",?";
  }
  sql += ")";
  if (sqlite3_prepare_v2(file.handle(), sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(file.handle()));
  }
}

Insert::~Insert() { sqlite3_finalize(statement_); }

Insert& Insert::integer(std::uint64_t value) {
  sqlite3_bind_int64(statement_, ++column_, static_cast<sqlite3_int64>(value));
  return *this;
}

Insert& Insert::real(double value) {
  if (!std::isfinite(value)) {
    return null();
  }
  sqlite3_bind_double(statement_, ++column_, value);
  return *this;
}

Insert& Insert::text(std::string_view value) {
  sqlite3_bind_text(statement_, ++column_, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
  return *this;
}

Insert& Insert::point(const std::optional<PlanePoint>& place) {
  if (!place) {
    return null();
  }
  const std::string bytes = geometry_of(*place);
  sqlite3_bind_blob(statement_, ++column_, bytes.data(), static_cast<int>(bytes.size()),
                    SQLITE_TRANSIENT);
  return *this;
}

Insert& Insert::null() {
  sqlite3_bind_null(statement_, ++column_);
  return *this;
}

void Insert::end() {
  if (sqlite3_step(statement_) != SQLITE_DONE) {
    throw std::runtime_error(sqlite3_errmsg(file_->handle()));
  }
  sqlite3_reset(statement_);
  column_ = 0;
}

}  // namespace wintergrid::report
