// The checked solution of B angle = right_side: residual, one refinement, and the dense fallback
// for islands on which L D L^T without pivoting fails. Equations and sources: dc_flow.cpp.

#include <algorithm>
#include <cmath>
#include <utility>

#include "grid_models/power/dc_flow_impl.hpp"

namespace wintergrid::power {
namespace {

constexpr double kRefineShare =
    1e-10;  // residual, as a share of the largest flow, above which one refinement is made
constexpr double kFailShare = 1e-8;  // residual above which the sparse solution is not accepted

}  // namespace

const DenseIsland& DcFlow::Impl::dense_island(std::uint32_t island) {
  for (const DenseIsland& kept : dense) {
    if (kept.island == island) {
      return kept;
    }
  }
  DenseIsland made{island, {}, {}, false};
  std::vector<std::uint32_t> place(network.bus_count, UINT32_MAX);
  for (std::uint32_t v = 0; v < network.bus_count; ++v) {
    if (island_of_bus[v] == island && grounded[v] == 0) {
      place[v] = static_cast<std::uint32_t>(made.buses.size());
      made.buses.push_back(v);
    }
  }
  const std::size_t size = made.buses.size();
  std::vector<double> matrix(size * size, 0.0);
  for (const LiveBranch& l : live) {
    const std::size_t i = place[l.from];
    const std::size_t j = place[l.to];
    if (i != UINT32_MAX) {
      matrix[i * size + i] += l.susceptance_pu;
    }
    if (j != UINT32_MAX) {
      matrix[j * size + j] += l.susceptance_pu;
    }
    if (i != UINT32_MAX && j != UINT32_MAX) {
      matrix[i * size + j] -= l.susceptance_pu;
      matrix[j * size + i] -= l.susceptance_pu;
    }
  }
  made.regular = made.matrix.factor(size, std::move(matrix));
  dense.push_back(std::move(made));
  return dense.back();
}

void DcFlow::Impl::solve_densely(std::uint32_t island) {
  const DenseIsland& matrix = dense_island(island);
  std::vector<double> x(matrix.buses.size(), 0.0);
  if (matrix.regular) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = right_side[matrix.buses[i]];
    }
    matrix.matrix.solve(x);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    angle[matrix.buses[i]] = x[i];
  }
  if (!matrix.regular) {
    fail(island);
  }
}

void DcFlow::Impl::fail(std::uint32_t island) {
  failed_count += failed[island] == 0 ? 1 : 0;
  failed[island] = 1;
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    if (island_of_bus[v] == island) {
      angle[v] = 0.0;
    }
  }
}

double DcFlow::Impl::find_residual() {
  double scale = 0.0;
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    residual[v] = right_side[v];
    scale = std::max(scale, std::abs(right_side[v]));
  }
  for (const LiveBranch& l : live) {
    const double flow = l.susceptance_pu * (angle[l.from] - angle[l.to]);
    residual[l.from] -= flow;
    residual[l.to] += flow;
    scale = std::max(scale, std::abs(flow));
  }
  for (std::uint32_t island = 0; island < island_count; ++island) {
    residual[ground[island]] = 0.0;
  }
  return scale;
}

bool DcFlow::Impl::residual_exceeds(double allowed) const {
  double largest = 0.0;
  bool finite = true;
  for (const double value : residual) {
    largest = std::max(largest, std::abs(value));
    finite = finite && std::isfinite(value);
  }
  return !finite || largest > allowed;
}

void DcFlow::Impl::solve_checked() {
  if (failed_count > 0) {
    std::fill(failed.begin(), failed.end(), std::uint8_t{0});
    failed_count = 0;
  }
  std::copy(right_side.begin(), right_side.end(), angle.begin());
  ldlt.solve(angle);
  if (has_weak_island) {
    for (std::uint32_t island = 0; island < island_count; ++island) {
      if (weak_island[island] != 0) {
        solve_densely(island);
      }
    }
  }
  double scale = find_residual();
  if (!residual_exceeds(kRefineShare * scale)) {
    return;
  }
  ldlt.solve(residual);
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    const std::uint32_t island = island_of_bus[v];
    if (island != kNoIsland && (!has_weak_island || weak_island[island] == 0)) {
      angle[v] += residual[v];
    }
  }
  scale = find_residual();
  if (!residual_exceeds(kFailShare * scale)) {
    return;
  }
  solve_bad_islands(kFailShare);
}

void DcFlow::Impl::solve_bad_islands(double allowed_share) {
  const auto is_bad = [&](std::uint32_t island) {
    double largest = 0.0;
    double scale = 0.0;
    bool finite = true;
    for (std::size_t v = 0; v < network.bus_count; ++v) {
      if (island_of_bus[v] == island) {
        largest = std::max(largest, std::abs(residual[v]));
        scale = std::max(scale, std::abs(right_side[v]));
        finite = finite && std::isfinite(residual[v]);
      }
    }
    for (const LiveBranch& l : live) {
      if (island_of_bus[l.from] == island) {
        scale = std::max(scale, std::abs(l.susceptance_pu * (angle[l.from] - angle[l.to])));
      }
    }
    return !finite || largest > allowed_share * scale;
  };
  for (std::uint32_t island = 0; island < island_count; ++island) {
    if (is_bad(island)) {
      solve_densely(island);
    }
  }
  find_residual();
  for (std::uint32_t island = 0; island < island_count; ++island) {
    if (failed[island] == 0 && is_bad(island)) {
      fail(island);
    }
  }
}

bool DcFlow::Impl::solve_lanes() {
  constexpr std::size_t kLanes = SparseLdlt::kLanes;
  std::copy(lane_angle.begin(), lane_angle.end(), lane_residual.begin());
  ldlt.solve_lanes(lane_angle);
  double scale[kLanes] = {};
  for (std::size_t n = 0; n < lane_residual.size(); ++n) {
    scale[n % kLanes] = std::max(scale[n % kLanes], std::abs(lane_residual[n]));
  }
  for (const LiveBranch& l : live) {
    double* const from = lane_residual.data() + kLanes * l.from;
    double* const to = lane_residual.data() + kLanes * l.to;
    const double* const angle_from = lane_angle.data() + kLanes * l.from;
    const double* const angle_to = lane_angle.data() + kLanes * l.to;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double flow = l.susceptance_pu * (angle_from[lane] - angle_to[lane]);
      from[lane] -= flow;
      to[lane] += flow;
      scale[lane] = std::max(scale[lane], std::abs(flow));
    }
  }
  bool small = true;
  for (std::size_t v = 0; v < network.bus_count; ++v) {
    for (std::size_t lane = 0; grounded[v] == 0 && lane < kLanes; ++lane) {
      // Written so that a residual that is not a number fails.
      small = small && std::abs(lane_residual[kLanes * v + lane]) <= kRefineShare * scale[lane];
    }
  }
  return small;
}

}  // namespace wintergrid::power
