// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The probability on either side of a Poisson law's value n, in units of the probability of n
/// itself. Sums of positive terms where they are short; near the mean of a large law, where they
/// take sqrt(n) terms, Temme's uniform expansion, in a time that does not depend on n.
/// Ref: N. M. Temme, SIAM J. Math. Anal. 10 (1979), 757; DLMF 8.12.

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/poisson.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// e^(x^2) erfc(x), which is about 1 / (x sqrt(pi)). Domain: x >= 0.
template <real Real>
[[nodiscard]] Real scaled_erfc(Real x) noexcept {
  const Real square = x * x;
  if (x < 7) return std::exp(square) * std::erfc(x) * (1 + std::fma(x, x, -square));
  // Terms that alternate and fall: what is left out is below the first of it, e^-49 at worst.
  Real sum = 1;
  Real term = 1;
  for (Real k = 1; std::abs(term) > std::numeric_limits<Real>::epsilon() / 4; k += 2) {
    term *= -k / (2 * square);
    sum += term;
  }
  return sum / (x * std::sqrt(std::numbers::pi_v<Real>));
}

/// The Taylor coefficients of C_0 to C_6 of DLMF 8.12.8, one after the other: as many as 64 bits
/// need where n >= 256 and |eta| <= 1/2. By tests/reference/queueing/poisson_sides.py.
inline constexpr std::array<long double, 106> uniform_digits{
    -0.3333333333333333333333L,    0.08333333333333333333333L,    -0.01481481481481481481481L,
    1.157407407407407407407e-3L,   3.527336860670194003527e-4L,   -1.787551440329218106996e-4L,
    3.919263178522437781697e-5L,   -2.185448510679992161474e-6L,  -1.854062210715159960702e-6L,
    8.296711340953086005016e-7L,   -1.766595273682607930436e-7L,  6.707853543401498580369e-9L,
    1.026180978424030804257e-8L,   -4.382036018453353186553e-9L,  9.147699582236790234182e-10L,
    -2.551419399494624976688e-11L, -5.830772132550425067464e-11L, 2.436194802066741624369e-11L,
    -5.027669280114175589091e-12L, 1.100439203195613477084e-13L,  3.371763262400985378828e-13L,
    -1.392388722418162065919e-13L, 2.853489380704744320397e-14L,  -5.139111834242572618991e-16L,
    -1.851851851851851851852e-3L,  -3.472222222222222222222e-3L,  2.645502645502645502646e-3L,
    -9.902263374485596707819e-4L,  2.057613168724279835391e-4L,   -4.018775720164609053498e-7L,
    -1.809855033448997783703e-5L,  7.649160916081110084637e-6L,   -1.612090089456344600378e-6L,
    4.647127802807434342261e-9L,   1.378633446915720959312e-7L,   -5.752545603517704964022e-8L,
    1.195162859977814732431e-8L,   -1.754324171974764762375e-11L, -1.009154371060041262746e-9L,
    4.162792991842582636234e-10L,  -8.563907026492980638074e-11L, 6.067215101604758615127e-14L,
    7.16249896481148539008e-12L,   -2.933186643771437117406e-12L, 4.133597883597883597884e-3L,
    -2.681327160493827160494e-3L,  7.716049382716049382716e-4L,   2.009387860082304526749e-6L,
    -1.073665322636516052154e-4L,  5.292344882912012541642e-5L,   -1.276063518861872771338e-5L,
    3.42357873409613807419e-8L,    1.372195730906293320559e-6L,   -6.298992138380055022907e-7L,
    1.428061420606424179158e-7L,   -2.047709842199086601492e-10L, -1.409252991086752105329e-8L,
    6.228974084922022033564e-9L,   -1.367048839661711349927e-9L,  9.428356159014678195477e-13L,
    1.287225240008931805955e-10L,  -5.564595613436332114654e-11L, 6.494341563786008230453e-4L,
    2.294720936213991769547e-4L,   -4.691894943952557121281e-4L,  2.677206320628388529623e-4L,
    -7.561801671883976410725e-5L,  -2.396505113867296651933e-7L,  1.108265411534730236148e-5L,
    -5.6749528269915965675e-6L,    1.423090073243588391455e-6L,   -2.786108029152814224058e-11L,
    -1.695840409193027728986e-7L,  8.099464905388082363353e-8L,   -1.911116848597365406067e-8L,
    2.392862043980811796864e-12L,  2.062013181548879843699e-9L,   -9.460496661855132173754e-10L,
    -8.618882909167116986047e-4L,  7.84039221720066627474e-4L,    -2.990724803031901797334e-4L,
    -1.463845257884341817812e-6L,  6.641498215465122186659e-5L,   -3.968365047179434664431e-5L,
    1.137572697067841909806e-5L,   2.507497226237532801652e-10L,  -1.695414953655830601472e-6L,
    8.907507532205309688829e-7L,   -2.292934834000804870572e-7L,  2.956794137544049046966e-11L,
    -3.367985533663581503088e-4L,  -6.972813758365857774294e-5L,  2.772753244959392078734e-4L,
    -1.993257051618884770034e-4L,  6.797780477937207838816e-5L,   1.419062920643967014834e-7L,
    -1.359404818976869327846e-5L,  8.018470256334201539719e-6L,   -2.29148117650809517038e-6L,
    -3.252473551298453951662e-10L, 5.313079364639922231657e-4L,   -5.921664373536938828648e-4L,
    2.708782096718044827713e-4L,   7.90235323266032787212e-7L,    -8.153969367561968750929e-5L,
    5.611682753106249650038e-5L};

template <real Real>
[[nodiscard]] constexpr auto rounded_coefficients() noexcept {
  std::array<Real, uniform_digits.size()> rounded{};
  for (std::size_t k = 0; k < rounded.size(); ++k)
    rounded[k] = static_cast<Real>(uniform_digits[k]);
  return rounded;
}

template <real Real>
inline constexpr auto uniform_coefficients = rounded_coefficients<Real>();

/// A polynomial of an even number of coefficients as two, which run side by side.
template <std::size_t First, std::size_t Size, real Real>
[[nodiscard]] Real uniform_term(Real eta) noexcept {
  static_assert(Size % 2 == 0);
  const Real* c = uniform_coefficients<Real>.data() + First;
  const Real square = eta * eta;
  Real even = c[Size - 2];
  Real odd = c[Size - 1];
  for (std::size_t k = Size - 2; k > 0; k -= 2) {
    even = even * square + c[k - 2];
    odd = odd * square + c[k - 1];
  }
  return even + odd * eta;
}

/// Where the expansion stands in for the sums: `deviation` is that of n from the mean.
template <real Real>
[[nodiscard]] bool near_mean(Real n, Real deviation) noexcept {
  return n >= 256 && 8 * deviation <= n;
}

/// C_0 + C_1 / n + ... at eta.
template <real Real>
[[nodiscard]] Real uniform_sum(Real n, Real eta) noexcept {
  Real sum = uniform_term<100, 6>(eta) / n;
  sum = (sum + uniform_term<90, 10>(eta)) / n;
  sum = (sum + uniform_term<78, 12>(eta)) / n;
  sum = (sum + uniform_term<62, 16>(eta)) / n;
  sum = (sum + uniform_term<44, 18>(eta)) / n;
  sum = (sum + uniform_term<24, 20>(eta)) / n;
  return sum + uniform_term<0, 24>(eta);
}

/// The side of n away from the mean, in units of P(N = n): P(N >= n) of a mean below n, P(N < n) of
/// one at n or above. Domain: near_mean(n, d.high), d = deviance(n, mean).
template <real Real>
[[nodiscard]] Real far_side(Real n, Real mean, const two_part<Real>& d) noexcept {
  const Real x = std::sqrt(d.high);
  const Real eta = x * std::sqrt(2 / n);
  const Real rest = mean < n ? -uniform_sum(n, -eta) : uniform_sum(n, eta);
  return std::exp(stirling_error(n)) *
         (std::sqrt(std::numbers::pi_v<Real> / 2 * n) * scaled_erfc(x) + rest);
}

/// P(N > n) / P(N = n) = m/(n+1) + m^2/((n+1)(n+2)) + ...; the tail left out is bounded by its
/// geometric majorant. Domain: 0 <= mean < n + 1.
template <real Real>
[[nodiscard]] Real poisson_tail_ratio(Real n, Real mean) noexcept {
  if (mean < n && 2 * mean > n) {
    if (const auto d = deviance(n, mean); near_mean(n, d.high)) return far_side(n, mean, d) - 1;
  }
  constexpr Real negligible = std::numeric_limits<Real>::epsilon() / 4;
  Real sum = 0;
  Real term = 1;
  do {
    n += 1;
    term *= mean / n;
    sum += term;
  } while (term * mean > negligible * sum * (n + 1 - mean));
  return sum;
}

/// log P(N >= n). Domain: 0 < mean < n.
template <real Real>
[[nodiscard]] Real log_poisson_at_least(Real n, Real mean) noexcept {
  return log_poisson_mass(n, mean) + std::log1p(poisson_tail_ratio(n, mean));
}

/// P(N < n) / P(N = n); infinite where the mass is below the smallest normal number. Domain: n >=
/// 16, mean > 0.
template <real Real>
[[nodiscard]] Real poisson_below_ratio(Real n, Real mean) noexcept {
  constexpr Real negligible = std::numeric_limits<Real>::epsilon() / 4;
  const auto d = deviance(n, mean);
  const bool near = near_mean(n, d.high);
  if (mean < n) {
    const Real all = inverse_poisson_mass(n, d);
    // P(N >= n) is below e^-d / 2, by which it can no longer show.
    if (d.high > -std::log(negligible)) return all;
    return all - (near ? far_side(n, mean, d) : poisson_tail_ratio(n, mean) + 1);
  }
  if (near) return far_side(n, mean, d);
  // n/m + n (n-1)/m^2 + ..., falling from the first term on.
  Real sum = 0;
  Real term = 1;
  for (; n > 0; n -= 1) {
    term *= n / mean;
    sum += term;
    if (term * (n - 1) <= negligible * sum * (mean - n + 1)) break;
  }
  return sum;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
