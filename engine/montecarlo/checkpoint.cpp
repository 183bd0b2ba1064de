#include "engine/montecarlo/checkpoint.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "grid_models/core/name_hash.hpp"

namespace wintergrid::montecarlo {
namespace {

constexpr int kFormat = 2;

struct Statement {
  sqlite3_stmt* handle = nullptr;
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle); }
};

std::uint64_t hash_bytes(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.size(), '\0');
  if (!bytes.empty()) {
    std::memcpy(text.data(), bytes.data(), bytes.size());
  }
  return name_hash(text);
}

}  // namespace

struct Checkpoint::Impl {
  sqlite3* database = nullptr;
  std::string path;
  RunIdentity identity;
  std::uint64_t saved = 0;  ///< replications in the file

  [[noreturn]] void fail(const std::string& what) const {
    throw CheckpointError(fmt::format("cannot {} '{}': {}", what, path, sqlite3_errmsg(database)));
  }
  void execute(const char* sql) {
    if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
      fail("write");
    }
  }
  void prepare(Statement& statement, const char* sql) {
    if (sqlite3_prepare_v2(database, sql, -1, &statement.handle, nullptr) != SQLITE_OK) {
      fail("read");
    }
  }
  std::string meta(const char* key) {
    Statement statement;
    prepare(statement, "SELECT value FROM meta WHERE key = ?1");
    sqlite3_bind_text(statement.handle, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(statement.handle) != SQLITE_ROW) {
      return {};
    }
    const unsigned char* text = sqlite3_column_text(statement.handle, 0);
    return text == nullptr ? std::string{} : std::string(reinterpret_cast<const char*>(text));
  }
  void set_meta(const char* key, const std::string& value) {
    Statement statement;
    prepare(statement, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)");
    sqlite3_bind_text(statement.handle, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement.handle, 2, value.c_str(), -1, SQLITE_TRANSIENT);
    if (sqlite3_step(statement.handle) != SQLITE_DONE) {
      fail("write");
    }
  }
  std::vector<std::pair<const char*, std::string>> identity_fields() const {
    return {{"format", std::to_string(kFormat)},
            {"program_version", identity.program_version},
            {"scenario_sha256", identity.scenario_sha256},
            {"policy", identity.policy},
            {"seed", std::to_string(identity.seed)}};
  }
  void write(const Tally& tally);
};

Checkpoint::Checkpoint(const std::string& path, const RunIdentity& identity) : impl_(new Impl) {
  impl_->path = path;
  impl_->identity = identity;
  if (sqlite3_open_v2(path.c_str(), &impl_->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                      nullptr) != SQLITE_OK) {
    const std::string text =
        fmt::format("cannot open '{}': {}", path, sqlite3_errmsg(impl_->database));
    sqlite3_close(impl_->database);
    delete impl_;
    throw CheckpointError(text);
  }
  try {
    impl_->execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)");
    impl_->execute("CREATE TABLE IF NOT EXISTS rows (replication INTEGER PRIMARY KEY, row BLOB)");
    impl_->execute("CREATE TABLE IF NOT EXISTS histograms (id INTEGER PRIMARY KEY, bytes BLOB)");
    impl_->execute(
        "CREATE TABLE IF NOT EXISTS failures (replication INTEGER PRIMARY KEY, what TEXT)");
  } catch (...) {
    sqlite3_close(impl_->database);
    delete impl_;
    throw;
  }
}

Checkpoint::~Checkpoint() {
  sqlite3_close(impl_->database);
  delete impl_;
}

void remove_checkpoint(const std::string& path) {
  for (const char* ending : {"", "-journal", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(path + ending, error);
    if (error) {
      throw CheckpointError(path + ending + ": cannot be removed: " + error.message());
    }
  }
}

void Checkpoint::clear() {
  impl_->execute(
      "BEGIN IMMEDIATE; DELETE FROM meta; DELETE FROM rows; DELETE FROM histograms; DELETE FROM "
      "failures; COMMIT");
  impl_->saved = 0;
}

bool Checkpoint::load(Tally& tally) {
  const std::string stored_count = impl_->meta("count");
  if (stored_count.empty()) {
    return false;
  }
  for (const auto& [key, value] : impl_->identity_fields()) {
    const std::string stored = impl_->meta(key);
    if (stored != value) {
      throw CheckpointError(
          fmt::format("'{}' belongs to another run: its {} is '{}', this run's is '{}'; "
                      "choose another folder, or leave --resume out to start again",
                      impl_->path, key, stored, value));
    }
  }
  const std::uint64_t count = std::stoull(stored_count);
  const std::size_t metrics = tally.shape().metrics;
  std::vector<std::int64_t> rows(count * metrics);
  {
    Statement statement;
    impl_->prepare(statement, "SELECT replication, row FROM rows ORDER BY replication");
    std::uint64_t next = 0;
    while (sqlite3_step(statement.handle) == SQLITE_ROW) {
      const auto replication =
          static_cast<std::uint64_t>(sqlite3_column_int64(statement.handle, 0));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement.handle, 1));
      if (replication != next || replication >= count || size != metrics * sizeof(std::int64_t)) {
        throw CheckpointError(
            fmt::format("'{}' is damaged: row {} is missing or has the wrong size; "
                        "leave --resume out to start again",
                        impl_->path, next));
      }
      std::memcpy(rows.data() + next * metrics, sqlite3_column_blob(statement.handle, 1), size);
      ++next;
    }
    if (next != count) {
      throw CheckpointError(
          fmt::format("'{}' is damaged: {} of {} rows; leave --resume out to start again",
                      impl_->path, next, count));
    }
  }
  std::vector<Failure> failures;
  {
    Statement statement;
    impl_->prepare(statement, "SELECT replication, what FROM failures ORDER BY replication");
    while (sqlite3_step(statement.handle) == SQLITE_ROW) {
      failures.push_back({static_cast<std::uint64_t>(sqlite3_column_int64(statement.handle, 0)),
                          reinterpret_cast<const char*>(sqlite3_column_text(statement.handle, 1))});
    }
  }
  std::vector<std::uint8_t> bytes;
  {
    Statement statement;
    impl_->prepare(statement, "SELECT bytes FROM histograms WHERE id = 1");
    if (sqlite3_step(statement.handle) == SQLITE_ROW) {
      bytes.resize(static_cast<std::size_t>(sqlite3_column_bytes(statement.handle, 0)));
      if (!bytes.empty()) {
        std::memcpy(bytes.data(), sqlite3_column_blob(statement.handle, 0), bytes.size());
      }
    }
  }
  if (std::to_string(hash_bytes(bytes)) != impl_->meta("histogram_hash")) {
    throw CheckpointError(
        fmt::format("'{}' is damaged: the histograms do not match their checksum; "
                    "leave --resume out to start again",
                    impl_->path));
  }
  try {
    tally.restore(count, rows, std::move(failures), bytes);
  } catch (const std::runtime_error& error) {
    throw CheckpointError(fmt::format("'{}' is damaged: {}; leave --resume out to start again",
                                      impl_->path, error.what()));
  }
  impl_->saved = count;
  return true;
}

void Checkpoint::Impl::write(const Tally& tally) {
  for (const auto& [key, value] : identity_fields()) {
    set_meta(key, value);
  }
  {
    Statement statement;
    prepare(statement, "INSERT OR REPLACE INTO rows VALUES (?1, ?2)");
    for (std::uint64_t replication = saved; replication < tally.count(); ++replication) {
      const std::span<const std::int64_t> row = tally.row(replication);
      sqlite3_bind_int64(statement.handle, 1, static_cast<sqlite3_int64>(replication));
      sqlite3_bind_blob(statement.handle, 2, row.data(), static_cast<int>(row.size_bytes()),
                        SQLITE_STATIC);
      if (sqlite3_step(statement.handle) != SQLITE_DONE) {
        fail("write");
      }
      sqlite3_reset(statement.handle);
    }
  }
  for (const Failure& failure : tally.failures()) {
    Statement statement;
    prepare(statement, "INSERT OR REPLACE INTO failures VALUES (?1, ?2)");
    sqlite3_bind_int64(statement.handle, 1, static_cast<sqlite3_int64>(failure.replication));
    sqlite3_bind_text(statement.handle, 2, failure.what.c_str(), -1, SQLITE_STATIC);
    if (sqlite3_step(statement.handle) != SQLITE_DONE) {
      fail("write");
    }
  }
  const std::vector<std::uint8_t> bytes = tally.histogram_bytes();
  {
    Statement statement;
    prepare(statement, "INSERT OR REPLACE INTO histograms VALUES (1, ?1)");
    sqlite3_bind_blob64(statement.handle, 1, bytes.data(), bytes.size(), SQLITE_STATIC);
    if (sqlite3_step(statement.handle) != SQLITE_DONE) {
      fail("write");
    }
  }
  set_meta("histogram_hash", std::to_string(hash_bytes(bytes)));
  set_meta("count", std::to_string(tally.count()));
}

void Checkpoint::save(const Tally& tally) {
  if (tally.count() < impl_->saved) {
    clear();  // the run was started anew
  }
  impl_->execute("BEGIN IMMEDIATE");
  try {
    impl_->write(tally);
    impl_->execute("COMMIT");
  } catch (...) {
    sqlite3_exec(impl_->database, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  impl_->saved = tally.count();
}

}  // namespace wintergrid::montecarlo
