#pragma once
// Separable quadratic dispatch of one island under its power balance and a growing set of limits.
//
//   minimise   sum_j c_j x_j + (x_j - m_j)^2 / (2 v_j)
//   subject to sum_j x_j = total,  a_i . x >= b_i for every row i,  0 <= x_j <= u_j
//
// Solved in its dual by an active-set Newton method (limited_dispatch_newton.cpp); the caller adds
// violated limits as rows and calls maximise() again.

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

  /// Appends a row and returns its number; it is slack until activate().
  std::uint32_t add_row();
  /// Of a row, one per variable, to be filled. Only while the row is slack.
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
  /// v_j times `factor`, at the same prices.
  void soften(std::size_t variable, double factor);
  /// All costs times `factor` > 1. Prices and z go on along the line through the optimum at the
  /// present costs and the one at the costs before the last call (at the first: through no costs
  /// and prices): exactly right while the same variables are free and the same rows work.
  void raise_costs(double factor);

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
  void drop(std::size_t place);
  void update_normal_matrix();
  void rebuild_normal_matrix();
  void add_normal_rows();
  void change_normal_matrix(std::uint32_t variable, double sign);
  void find_direction(double tolerance, double dependent_share);
  void ray_of_dependent_row(std::size_t dependent, double reduced);
  void find_price_slopes();
  Step step();
  void collect_breakpoints(double after, double until);
  double line_search(double slope, double curvature, int moving, double block_at);

  // variables
  std::vector<double> upper_;
  std::vector<double> cost_;
  std::vector<double> softness_;
  std::vector<double> centre_;
  std::vector<double>
      unclipped_;  // z_j = m_j + v_j (a_j . y - c_j), carried along; x_j = z_j cut to [0, u_j]
  std::vector<double> value_;
  std::vector<double> slope_;      // dz/dt along the search direction
  std::vector<double> curvature_;  // of the dual along it, while x_j moves
  std::vector<double> enter_;      // where along it x_j starts to move, and where it stops
  std::vector<double> leave_;
  std::vector<std::uint8_t> is_free_;  // as normal_ has it
  std::vector<std::uint32_t> free_;
  std::vector<double> free_scaled_;
  std::vector<double> before_;  // z at the costs before the last raise_costs()
  // rows; row 0 is the balance
  std::vector<double> matrix_;
  std::vector<double> right_side_;
  std::vector<double> price_;  // y
  std::vector<double> price_before_;
  std::vector<std::uint8_t> working_;
  std::vector<std::uint32_t> order_;  // working rows, balance first
  std::vector<double> residual_;
  std::vector<double> direction_;
  std::vector<double> packed_;  // coefficients of working rows at free variables
  std::vector<double> normal_;  // S = A_F V_F A_F^T, lower triangle, row k at k * row_capacity_
  std::vector<double> normal_peak_;  // largest diagonal since the rebuild
  std::vector<double> factor_;       // L of S = L D L^T
  std::vector<double> pivot_;
  std::vector<double> scaled_row_;
  struct Breakpoint {
    double at;
    std::uint32_t variable;
    double curvature_change;
  };
  std::vector<Breakpoint> breakpoint_;
  std::size_t row_capacity_ = 0;
  std::size_t normal_rows_ = 0;  // that normal_ holds
  bool normal_valid_ = false;
  double cost_scale_ = 1.0;  // of now, of the last optimum remembered in before_
  double cost_scale_before_ = 0.0;
  std::uint32_t iterations_ = 0;
};

}  // namespace wintergrid::power
