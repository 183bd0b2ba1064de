#pragma once
// District heat for one moment and the buildings between moments: delivery by circulating water or
// by capacity over the pipe graph, indoor temperature in closed form, draining paced by people,
// freezing and bursting, refill and crew repairs.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid::heat {

enum class BuildingClass : std::uint8_t { panel = 0, brick, insulated, house };
inline constexpr std::size_t kBuildingClassCount = 4;

/// How a block is heated.
enum class Heating : std::uint8_t {
  district = 0,
  gas_boiler /* needs electricity */,
  electric,
  stove
};

enum class Fidelity : std::uint8_t {
  transport = 0,  ///< capacities of sources and pipes limit, shortage is shared fairly
  hydraulic,      ///< water circulates: pressures and temperatures decide who is short
};

/// What a network is sized for and how it loses heat; hydraulic fidelity only.
struct NetworkDesign {
  double supply_c = 110.0, return_c = 70.0;  ///< at the buildings on the design day
  double ground_c = 5.0;                     ///< around the pipes
  double required_head_m = 15.0;  ///< supply above return from which a node has its full flow
  double roughness_m = 0.0005;
  double insulation_m = 0.06, insulation_w_per_m_k = 0.06;
};

/// Const part, structure of arrays.
struct Model {
  // network: nodes are plants, junctions and heat zones; pipes carry heat either way up to their
  // capacity
  std::size_t node_count = 0;
  std::vector<std::uint32_t> pipe_from;
  std::vector<std::uint32_t> pipe_to;
  std::vector<double> pipe_capacity_mw;
  std::vector<double> pipe_length_m, pipe_diameter_m;  ///< hydraulic fidelity only
  std::vector<std::uint32_t> source_node;
  std::vector<double> source_capacity_mw;
  // blocks of like buildings; a block shares its fate
  std::vector<std::uint32_t> block_node;  ///< heat node, UINT32_MAX if not on district heating
  std::vector<BuildingClass> block_class;
  std::vector<Heating> block_heating;
  std::vector<std::uint32_t> block_buildings;
  std::vector<std::uint32_t> block_households;
  std::vector<std::uint64_t> block_name_hash;
  double network_loss_share = 0.20;  ///< of the heat sent out (domain 3.3: >= 20 %)
  double design_outdoor_c = -22.0;
  Fidelity fidelity = Fidelity::transport;
  // hydraulic fidelity only
  NetworkDesign design;
  double design_household_w = 0.0;  ///< space heating and hot water of one on the design day
  double design_indoor_c = 20.0;

  std::size_t block_count() const { return block_node.size(); }
};

struct Parameters;
/// Space heating and hot water of a household at an outdoor temperature, W.
double household_w(const Model& model, const Parameters& parameters, double outdoor_c);

/// Of a pipe that loses `loss_pa_per_m` in each line when it carries its capacity on the design
/// day.
double typical_diameter_m(const NetworkDesign& design, double capacity_mw, double loss_pa_per_m);

/// May vary per replication; defaults from domain.md section 8.
struct Parameters {
  double indoor_setpoint_c = 20.0;
  double loss_w_per_k_per_household = 58.0;                           ///< #32
  double tau_hours[kBuildingClassCount] = {40.0, 60.0, 120.0, 60.0};  ///< #33
  double gain_k = 2.5;  ///< indoor rise over outdoor from internal gains, without heating
  double drain_threshold_c = -3.0;    ///< #35
  double drain_decision_hours = 8.0;  ///< from loss of circulation to the decision
  double drain_buildings_per_hour_share =
      0.08;  ///< of a node's buildings drained per hour once decided (people)
  /// Share of blocks that are not drained in time, however long it takes: no access, seized valves.
  double drain_missed_share = 0.1;
  double refill_share_per_day =
      0.6;  ///< [D] of a node's drained buildings per day once heat is back
  double refill_needs_crew_share = 0.08;  ///< #36
  double undrained_restart_hours =
      24.0;                             ///< #37 until the last building of a node has heat; linear
  double crew_buildings_per_day = 1.0;  ///< #25
  double cold_spot_factor = 0.75;  ///< cold-spot temperature above outdoor, as share of the mean's
  double freeze_hours_at_minus_10 =
      8.0;  ///< latent-heat time of a riser at -10 C; scales with 1/|T|
  double burst_probability_per_day = 0.5;  ///< undrained and blocked by ice
  double hot_water_share = 0.15;           ///< of design demand, curtailed first
  double restart_free_hours = 2.0;  ///< a shorter loss of circulation needs no restart of buildings
};

enum class BlockPhase : std::uint8_t {
  connected = 0,  ///< takes what the network delivers
  restarting,     ///< undrained, waiting for its restart after circulation returned
  drained,        ///< emptied in time; waits for refill
  waiting_crew,   ///< refilled but leaks, so emptied again: needs a crew
  burst,          ///< frozen and burst: without heat and water until a crew repairs it
};

/// How much of a group of blocks can still move; lets a step skip what rests.
enum class GroupActivity : std::uint8_t {
  at_rest = 0,  ///< all connected, fully served, at setpoint
  thermal,      ///< all connected and with circulation: only temperatures move
  general,      ///< circulation lost, or some block is not connected
};

/// Everything that changes: a copy continues exactly like the original. Group g is heat node g; the
/// last group, node_count, holds the blocks that need electricity to be warm (gas boilers and
/// electric heating).
struct State {
  std::vector<BlockPhase> phase;
  std::vector<Seconds> phase_since;    ///< when the phase began; crews work in this order
  std::vector<Seconds> phase_until;    ///< end of restarting; kNever if open
  std::vector<float> indoor_c;         ///< air, at the end of the last step
  std::vector<float> outer_mass_k;     ///< outer walls, below those of a building at its setpoint
  std::vector<float> inner_mass_k;     ///< the same of everything inside; both <= 0
  std::vector<float> freeze_progress;  ///< 0..1, 1: a cold spot is blocked by ice
  std::vector<float> frozen_hours;     ///< hours since blocked; exposure to bursting
  std::vector<float>
      delivered_share;  ///< of the block's space heating, 0..1, at the last settle; 0: takes none
  std::vector<std::uint32_t>
      refill_count;  ///< times refilled; addresses the draw that decides about a crew
  std::vector<Seconds> node_lost_at;      ///< circulation lost since; kNever if not lost
  std::vector<double> node_drain_quota;   ///< fractional buildings the people may still drain
  std::vector<double> node_refill_quota;  ///< fractional buildings that may be refilled
  std::vector<double>
      node_refill_base;     ///< drained buildings when heat returned: the share per day is of these
  double crew_quota = 0.0;  ///< fractional crew-buildings done
  /// Delivered share of space heating and hot water by node; 0: no circulation; 1 where there is
  /// and nobody asks.
  std::vector<float> node_share;
  std::vector<GroupActivity> group_activity;  ///< by group
};

struct Inputs {
  Seconds now = 0;
  double outdoor_c = 0.0;
  double forecast_min_c = 0.0;                    ///< over the next 24 h, for the decision to drain
  std::span<const double> source_available_mw;    ///< after damage, electricity, gas, water
  std::span<const double> pipe_factor;            ///< 0..1 of capacity, after damage
  std::span<const std::uint8_t> node_circulates;  ///< 0: its heating point has no power
  std::span<const std::uint8_t>
      block_powered;  ///< what its own heating needs is there: electricity, and gas for gas boilers
  double plumbing_crews = 0.0;
};

/// Households without heat, and what a run reports.
struct Tallies {
  std::uint64_t buildings_drained = 0;  ///< times a building was drained
  std::uint64_t buildings_burst = 0;
  std::uint64_t crew_repairs = 0;
};

/// Scratch for one thread; nothing allocates after construction.
class Heat {
 public:
  explicit Heat(const Model& model);
  ~Heat();
  Heat(Heat&&) noexcept;
  Heat& operator=(Heat&&) noexcept;

  /// All connected at setpoint.
  State initial_state(const Parameters& parameters) const;
  /// The same into a state whose memory is reused: nothing allocates the second time.
  void reset(const Parameters& parameters, State& state) const;

  /// Delivered share of each node and block at this moment; hot water is curtailed before space
  /// heating. Transport: the smallest delivered share is as large as the network allows
  /// (lexicographic max-min over nodes). Hydraulic: circulation.hpp. Skips what cannot have changed
  /// (same bits). May be called again in the same moment: it changes shares only, never a phase.
  void settle(const Inputs& inputs, const Parameters& parameters, State& state);

  /// Moves buildings over [now, now + duration) with the delivered shares of the last settle:
  /// temperature in closed form, draining, freezing, bursting, refill, crew work. Luck decides who
  /// bursts, who needs a crew and the order of buildings. inputs.now, the outdoor temperature and
  /// its forecast, and the crews are used; the rest is what settle() saw.
  void advance(const Inputs& inputs, const Parameters& parameters, Seconds duration,
               const Luck& luck, State& state, Tallies& tallies);

  /// True if the last settle() or advance() left every block connected, fully served and at
  /// setpoint: the next step with full delivery changes nothing.
  bool settled() const;

  /// True if the last settle() found no pressures somewhere: what capacities allow stands there.
  bool bounded() const;

  /// Head of each source's pumps as sized for the intact network, m; empty by capacity.
  std::span<const double> source_lift_m() const;

  /// Heat in MW the sources must send out, losses included, to serve every district block at an
  /// outdoor temperature; for reports and tests.
  double total_demand_mw(const Parameters& parameters, double outdoor_c) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wintergrid::heat
