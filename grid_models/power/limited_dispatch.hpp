#pragma once
// Separable quadratic dispatch of one island under its power balance and a growing set of limits.
//
//   minimise   sum_j c_j x_j + (x_j - m_j)^2 / (2 v_j)
//   subject to sum_j x_j = total,  a_i . x >= b_i for every row i,  0 <= x_j <= u_j
//
// Solved in its dual by an active-set Newton method; the caller adds violated limits as rows and
// calls maximise() again.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wintergrid::power {

class LimitedDispatch {
 public:
  enum class Outcome : std::uint8_t { converged, infeasible, stalled };

  /// Allocates for this many variables and rows. More rows than that may be added: storage then
  /// grows.
  LimitedDispatch(std::size_t variable_capacity, std::size_t row_capacity);

  void clear();
  /// softness = v > 0: how far x moves per unit of price.
  void add_variable(double upper, double cost, double softness, double centre);
  /// Fixes the total and begins at the balance price cost + offset (apart, because offset may be
  /// small against it); no variables may be added after it.
  void start(double total, double cost, double offset);

  /// Appends a row and returns its coefficients, one per variable, to be filled; it is slack until
  /// activate().
  std::uint32_t add_row();
  std::span<double> coefficients(std::uint32_t row);
  /// Puts the row to work with its right-hand side such that it is violated by `violation` at the
  /// present x.
  void activate(std::uint32_t row, double violation);
  /// Turns a slack row around: a . x >= b becomes -a . x >= b' (b' set by activate).
  void reverse(std::uint32_t row);
  bool working(std::uint32_t row) const { return working_[row] != 0; }

  /// Raises the dual until balance and working rows hold to `tolerance` (in units of x).
  Outcome maximise(double tolerance);

  /// Newton steps that take the residuals from the tolerance down to rounding.
  void polish();

  /// m_j = x_j for one variable: the next maximise() continues from there (proximal point step).
  void recentre(std::size_t variable);

  double value(std::size_t variable) const;
  double centre(std::size_t variable) const { return centre_[variable]; }
  std::size_t variable_count() const { return upper_.size(); }
  std::size_t row_count() const { return price_.size() - 1; }
  std::uint32_t iterations() const { return iterations_; }

  /// Cost c . x less its lower bound by linear-programming duality at the present prices: never
  /// negative but for rounding.
  double linear_gap();

 private:
  enum class Step : std::uint8_t { taken, no_ascent, endless };

  std::span<const double> row_of(std::size_t row) const {
    return {matrix_.data() + row * upper_.size(), upper_.size()};
  }
  bool find_residuals(double tolerance);
  void collect_free();
  void find_direction(double tolerance, double dependent_share);
  Step step();

  // variables
  std::vector<double> upper_;
  std::vector<double> cost_;
  std::vector<double> softness_;
  std::vector<double> centre_;
  std::vector<double>
      unclipped_;  // z_j = m_j + v_j (a_j . y - c_j), carried along; x_j = z_j cut to [0, u_j]
  std::vector<double> value_;
  std::vector<double> slope_;  // dz/dt along the search direction
  std::vector<std::uint32_t> free_;
  std::vector<double> free_scaled_;
  // rows; row 0 is the balance
  std::vector<double> matrix_;
  std::vector<double> right_side_;
  std::vector<double> price_;  // y
  std::vector<std::uint8_t> working_;
  std::vector<std::uint32_t> order_;  // working rows, balance first
  std::vector<double> residual_;
  std::vector<double> direction_;
  std::vector<double> packed_;  // coefficients of working rows at free variables
  std::vector<double> normal_;  // S = A_F V_F A_F^T, then its L D L^T
  std::vector<double> pivot_;
  std::vector<double> scaled_row_;
  struct Breakpoint {
    double at;
    std::uint32_t variable;
    double curvature_change;
  };
  std::vector<Breakpoint> breakpoint_;
  std::size_t row_capacity_ = 0;
  std::uint32_t iterations_ = 0;
};

}  // namespace wintergrid::power
