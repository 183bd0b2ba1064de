#pragma once
// What a stopped run needs to go on, in one SQLite file (checkpoint.sqlite). Random draws have
// addresses, so there is no generator state to keep: only rows, histograms and failures.
//
// Tables: meta(key, value), rows(replication, row BLOB of little-endian int64), histograms(bytes),
// failures(replication, what). Every save is one transaction: after a crash the file holds the
// previous save or the new one, never a mixture.

#include <cstdint>
#include <stdexcept>
#include <string>

#include "engine/montecarlo/tally.hpp"

namespace wintergrid::montecarlo {

/// What must be the same for a resumed run to give the bits of an uninterrupted one.
struct RunIdentity {
  std::string scenario_sha256;
  std::string program_version;
  std::string policy;
  std::uint64_t seed = 0;
};

/// Why a checkpoint cannot be used, and what to do.
class CheckpointError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Deletes the file and what SQLite keeps beside it, damaged or not. Throws CheckpointError.
void remove_checkpoint(const std::string& path);

class Checkpoint {
 public:
  /// Opens or creates the file. Throws CheckpointError.
  Checkpoint(const std::string& path, const RunIdentity& identity);
  ~Checkpoint();
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

  /// Fills the tally from the file; false if it holds nothing yet. Throws CheckpointError if it
  /// belongs to another run, another version, or is damaged.
  bool load(Tally& tally);
  /// Forgets what the file holds.
  void clear();
  /// Writes what is new since the last save or load. Throws CheckpointError (disk full and the
  /// like): the file keeps its previous content.
  void save(const Tally& tally);

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace wintergrid::montecarlo
